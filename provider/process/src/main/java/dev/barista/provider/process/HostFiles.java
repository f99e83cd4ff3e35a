package dev.barista.provider.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which files and folders of the host some paths lead to at a time. A sandbox that stands goes on
 * showing what was there when it was made; what an upgrade puts in its place is another. Immutable.
 *
 * @param keys device and inode by path; empty where nothing is
 */
record HostFiles(Map<Path, Optional<Object>> keys) {

  static final HostFiles NONE = new HostFiles(Map.of());

  HostFiles {
    keys = Map.copyOf(keys);
  }

  static HostFiles at(Collection<Path> paths) {
    Map<Path, Optional<Object>> keys = new HashMap<>();
    paths.forEach(path -> keys.put(path, key(path)));
    return new HostFiles(keys);
  }

  /** Whether the paths lead to the same ones still. */
  boolean areInPlace() {
    return equals(at(keys.keySet()));
  }

  private static Optional<Object> key(Path path) {
    try {
      return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
