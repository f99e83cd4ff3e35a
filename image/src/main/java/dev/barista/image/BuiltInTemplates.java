package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The templates in this jar. A class path can't be listed, so {@code templates/files.txt} names
 * every file as {@code TEMPLATE PATH RESOURCE}; templates share resources that way.
 */
final class BuiltInTemplates {

  private static final String ROOT = "templates/";

  private BuiltInTemplates() {}

  static List<String> names() {
    return list().stream().map(line -> line[0]).distinct().toList();
  }

  static NavigableMap<String, TemplateFile> files(String template) {
    NavigableMap<String, TemplateFile> files = new TreeMap<>();
    for (String[] line : list()) {
      if (line[0].equals(template)) {
        files.put(line[1], new TemplateFile(read(line[2]), /* executable= */ false));
      }
    }
    return files;
  }

  private static List<String[]> list() {
    return new String(read("files.txt"), UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.strip().split("\\s+"))
        .toList();
  }

  private static byte[] read(String resource) {
    try (InputStream in = Templates.resource(ROOT + resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
