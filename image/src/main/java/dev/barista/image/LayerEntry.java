package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a layer has at one path. */
sealed interface LayerEntry {

  /** The entries below a folder, by their path in it. */
  static NavigableMap<String, LayerEntry> below(
      String prefix, NavigableMap<String, LayerEntry> entries) {
    NavigableMap<String, LayerEntry> below = new TreeMap<>();
    entries.forEach(
        (path, entry) -> {
          if (path.startsWith(prefix)) {
            below.put(path.substring(prefix.length()), entry);
          }
        });
    return below;
  }

  boolean executable();

  /** Its content; nothing for a link. */
  InputStream open() throws IOException;

  /** Its content as UTF-8. */
  default String text() throws IOException {
    try (InputStream in = open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** Bytes in memory. */
  record InMemory(TemplateFile file) implements LayerEntry {
    @Override
    public boolean executable() {
      return file.executable();
    }

    @Override
    public InputStream open() {
      return file.open();
    }
  }

  /** A file on disk. */
  record OnDisk(Path source, boolean executable) implements LayerEntry {
    long size() throws IOException {
      return Files.size(source);
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(source);
    }
  }

  /** A symbolic link. */
  record Link(String to) implements LayerEntry {
    @Override
    public boolean executable() {
      return false;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(new byte[0]);
    }
  }
}
