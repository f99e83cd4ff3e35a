package dev.barista.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a layer has at one path. */
sealed interface LayerEntry {

  /** Bytes in memory. */
  record InMemory(TemplateFile file) implements LayerEntry {}

  /** A file on disk. */
  record OnDisk(Path source, boolean executable) implements LayerEntry {
    long size() throws IOException {
      return Files.size(source);
    }

    InputStream open() throws IOException {
      return Files.newInputStream(source);
    }
  }

  /** A symbolic link. */
  record Link(String to) implements LayerEntry {}
}
