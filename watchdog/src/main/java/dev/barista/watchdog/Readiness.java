package dev.barista.watchdog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls shall be sent here: from the start of the listener to the beginning of the stop,
 * and only while the lock file exists, which anybody may delete to have this replica left alone.
 * Thread-safe.
 *
 * <p>The file is this watchdog's own: it holds a lock of the system on it as long as it lives, by
 * which another one with the same TMPDIR is refused, and a file that another has put in the place
 * of a deleted one doesn't count.
 */
final class Readiness {

  private final Path lockFile;

  // Mutable state
  private volatile boolean accepting;
  private volatile Optional<Object> ownFile = Optional.empty();
  private @Nullable FileChannel held;

  Readiness(Path lockFile) {
    this.lockFile = lockFile;
  }

  /**
   * @param writeLock whether the file is written, or left to others
   * @throws IOException with a sentence for the user, if the file can't be written or is that of
   *     another watchdog
   */
  synchronized void begin(boolean writeLock) throws IOException {
    if (writeLock) {
      removeLeftOver();
      held = makeOwn();
      ownFile = fileKey();
    }
    accepting = true;
  }

  /** Also removes the file. */
  synchronized void end() {
    accepting = false;
    try {
      if (held != null) {
        if (isOwn()) {
          Files.deleteIfExists(lockFile);
        }
        held.close();
        held = null;
      }
    } catch (IOException _) {
      // It may belong to somebody else by now; this watchdog tells by its health anyway.
    }
  }

  boolean isReady() {
    return accepting && (ownFile.isPresent() ? isOwn() : Files.exists(lockFile));
  }

  /** Whether the file that this watchdog has written was taken away. */
  boolean isTakenOut() {
    return accepting && ownFile.isPresent() && !isOwn();
  }

  /** A file that nobody holds is of one that was killed. */
  private void removeLeftOver() throws IOException {
    if (!Files.exists(lockFile)) {
      return;
    }
    try (FileChannel left = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
      requireLock(left);
      Files.deleteIfExists(lockFile);
    }
  }

  private FileChannel makeOwn() throws IOException {
    FileChannel made =
        FileChannel.open(lockFile, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try {
      Files.setPosixFilePermissions(lockFile, PosixFilePermissions.fromString("rw-rw----"));
      requireLock(made);
      requireNamed(made);
      return made;
    } catch (IOException failure) {
      made.close();
      throw failure;
    }
  }

  private void requireLock(FileChannel channel) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      locked = false; // one of this very process
    } catch (IOException _) {
      locked = true; // a file system without locks: nobody can be told apart there
    }
    if (!locked) {
      throw taken();
    }
  }

  /** Between making and locking another may have taken it for a left-over and put its own there. */
  private void requireNamed(FileChannel made) throws IOException {
    made.write(ByteBuffer.wrap(new byte[1]));
    boolean named = Files.exists(lockFile) && Files.size(lockFile) == 1;
    made.truncate(0);
    if (!named) {
      throw taken();
    }
  }

  private IOException taken() {
    return new IOException(
        lockFile
            + " is the lock file of another watchdog, which runs (expected: one for each; set"
            + " TMPDIR to another folder)");
  }

  private boolean isOwn() {
    Optional<Object> own = ownFile;
    return own.isPresent() && own.equals(fileKey());
  }

  private Optional<Object> fileKey() {
    try {
      return Optional.ofNullable(
          Files.readAttributes(lockFile, BasicFileAttributes.class).fileKey());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
