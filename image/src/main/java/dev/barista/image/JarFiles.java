package dev.barista.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The jars of a build: libraries that were fetched, and own ones. */
final class JarFiles {

  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private JarFiles() {}

  /** The jars in a folder, sorted; none if there is no such folder. */
  static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    }
  }

  /** The libraries of an earlier part, which it has in {@code lib/}; none if there is no such. */
  static List<Path> ofPart(String name, RuntimeBuild.Earlier earlier) throws IOException {
    Optional<Path> folder = earlier.folder(name);
    return folder.isEmpty() ? List.of() : in(folder.get().resolve("lib"));
  }

  /** Writes one that depends on nothing but its content: sorted, of one fixed time. */
  static void write(Path jar, NavigableMap<String, LayerEntry> content) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, LayerEntry> entry : content.entrySet()) {
        var header = new ZipEntry(entry.getKey());
        header.setTimeLocal(TIME);
        zip.putNextEntry(header);
        try (InputStream in = entry.getValue().open()) {
          in.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
  }
}
