package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The templates a user can name: those in a folder {@code template} of the project, in OpenFaaS's
 * layout, then the built-in ones.
 */
public final class Templates {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final Path projectFolder;

  /**
   * @param projectFolder where {@code template/NAME} is looked for first
   */
  public Templates(Path projectFolder) {
    this.projectFolder = projectFolder;
  }

  /** Names of all templates, sorted. */
  public NavigableSet<String> names() throws IOException {
    NavigableSet<String> names = new TreeSet<>(BuiltInTemplates.names());
    Path folder = projectFolder.resolve("template");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> children = Files.list(folder)) {
        children
            .filter(child -> Files.exists(child.resolve("template.yml")))
            .forEach(child -> names.add(Folders.name(child)));
      }
    }
    return names;
  }

  /**
   * The template of that name.
   *
   * @throws FaasException BAD_REQUEST naming the templates there are
   */
  public Template find(String language) throws IOException {
    String name = language.equalsIgnoreCase("dockerfile") ? "dockerfile" : language;
    if (!NAME.matcher(name).matches()) {
      throw FaasException.badField("lang", language, "the name of a template");
    }
    Path folder = projectFolder.resolve("template").resolve(name);
    if (Files.isDirectory(folder)) {
      return fromFolder(name, folder);
    }
    // Folders are named as their author likes, built-in ones in lower case.
    String plain = name.toLowerCase(Locale.ROOT);
    return builtIn(plain)
        .or(() -> TemplateAliases.of(plain).flatMap(Templates::aliased))
        .orElseThrow(() -> unknown(language));
  }

  private static Optional<Template> aliased(TemplateAliases.Alias alias) {
    return builtIn(alias.template()).map(template -> template.withNotice(alias.notice()));
  }

  private FaasException unknown(String language) {
    String known;
    try {
      known = String.join(", ", names());
    } catch (IOException e) {
      known = String.join(", ", BuiltInTemplates.names());
    }
    return FaasException.badField("lang", language, "a template: " + known);
  }

  private static Optional<Template> builtIn(String name) {
    if (!BuiltInTemplates.names().contains(name)) {
      return Optional.empty();
    }
    return Optional.of(template(name, BuiltInTemplates.files(name)));
  }

  private static Template fromFolder(String name, Path folder) throws IOException {
    NavigableMap<String, TemplateFile> files = new TreeMap<>();
    for (FolderFile file : FolderFile.below(folder)) {
      files.put(file.path(), new TemplateFile(file.read(), file.executable()));
    }
    Template template = template(name, files);
    OwnTemplates.check(template);
    return template;
  }

  private static Template template(String name, NavigableMap<String, TemplateFile> files) {
    TemplateFile yaml = files.get("template.yml");
    if (yaml == null && files.containsKey("Dockerfile")) {
      throw OwnTemplates.needsContainerEngine(name);
    }
    if (yaml == null) {
      throw refused("template " + name + " has no template.yml");
    }
    TemplateSettings settings = TemplateYaml.read(name, yaml.content(), files);
    return new Template(name, settings, files, Optional.empty());
  }

  /** For a class path resource of this module. */
  static InputStream resource(String path) throws IOException {
    InputStream in = Templates.class.getResourceAsStream(path);
    if (in == null) {
      throw new IOException("no resource " + path);
    }
    return in;
  }
}
