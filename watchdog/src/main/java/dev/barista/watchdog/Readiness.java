package dev.barista.watchdog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Whether calls shall be sent here: from the start of the listener to the beginning of the stop,
 * and only while the lock file exists, which anybody may delete to have this replica left alone.
 * Thread-safe.
 */
final class Readiness {

  private final Path lockFile;

  // Mutable state
  private volatile boolean accepting;

  Readiness(Path lockFile) {
    this.lockFile = lockFile;
  }

  /**
   * @param writeLock whether the file is written, or left to others
   * @throws IOException if the file can't be written
   */
  void begin(boolean writeLock) throws IOException {
    if (writeLock) {
      Files.deleteIfExists(lockFile);
      Files.write(lockFile, new byte[0], StandardOpenOption.CREATE_NEW);
      Files.setPosixFilePermissions(lockFile, PosixFilePermissions.fromString("rw-rw----"));
    }
    accepting = true;
  }

  /** Also removes the file. */
  void end() {
    accepting = false;
    try {
      Files.deleteIfExists(lockFile);
    } catch (IOException _) {
      // It may belong to somebody else by now; this watchdog tells by its health anyway.
    }
  }

  boolean isReady() {
    return accepting && Files.exists(lockFile);
  }
}
