package dev.barista.image;

import static java.util.Collections.unmodifiableNavigableMap;
import static java.util.Objects.requireNonNull;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A runtime for handlers: the files around a handler and how to start them.
 *
 * @param name as in {@code lang: NAME}
 * @param files all files below the template's folder by their path with {@code /}
 * @param notice for who asked for it by another name: what runs instead
 */
public record Template(
    String name,
    TemplateSettings settings,
    NavigableMap<String, TemplateFile> files,
    Optional<String> notice) {

  public Template {
    requireNonNull(name, "name");
    requireNonNull(settings, "settings");
    requireNonNull(notice, "notice");
    files = unmodifiableNavigableMap(new TreeMap<>(files));
  }

  Template withNotice(String text) {
    return new Template(name, settings, files, Optional.of(text));
  }

  /** Files of a new function: what stands in the handler folder, by the path below it. */
  public NavigableMap<String, TemplateFile> skeleton() {
    String prefix = settings.handlerPrefix();
    NavigableMap<String, TemplateFile> skeleton = new TreeMap<>();
    files.forEach(
        (path, file) -> {
          if (path.startsWith(prefix) && !path.equals("template.yml")) {
            skeleton.put(path.substring(prefix.length()), file);
          }
        });
    return skeleton;
  }
}
