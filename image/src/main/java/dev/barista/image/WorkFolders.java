package dev.barista.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** Where builds have their folders: tools under users of their own pass through, but list none. */
final class WorkFolders {

  /** Longer than any build takes; what is older was left by one that was killed. */
  private static final Duration OLD = Duration.ofDays(1);

  private WorkFolders() {}

  static Path of(Path storeFolder) throws IOException {
    Path folder = Files.createDirectories(storeFolder.resolve("work"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    FileTime old = FileTime.from(Instant.now().minus(OLD));
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        if (Files.exists(child) && Files.getLastModifiedTime(child).compareTo(old) < 0) {
          Folders.delete(child);
        }
      }
    }
    return folder;
  }
}
