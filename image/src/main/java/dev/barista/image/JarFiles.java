package dev.barista.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.NavigableMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes jars that depend on nothing but their content: sorted, of one fixed time. */
final class JarFiles {

  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private JarFiles() {}

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
