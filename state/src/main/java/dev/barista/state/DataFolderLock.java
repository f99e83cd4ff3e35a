package dev.barista.state;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.barista.api.FileFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Gives a data folder to one process. The kernel holds the lock, so it ends with the process
 * however that ends; the file {@code lock} stays and names the last holder's process id.
 */
public final class DataFolderLock implements AutoCloseable {

  private static final int MAX_PID_DIGITS = 20;

  private final FileChannel channel;

  private DataFolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Creates the folder (0700) where it is missing, and takes it.
   *
   * @throws StateException when another process has it, or it can't be written
   */
  public static DataFolderLock acquire(Path folder) {
    FileChannel channel = null;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      channel = FileChannel.open(folder.resolve("lock"), READ, WRITE, CREATE);
      if (tryLock(channel) == null) {
        String holder = holder(channel);
        channel.close();
        throw new StateException(
            "the data folder "
                + folder
                + " is in use by another barista serve"
                + holder
                + ": stop that one, or choose another folder with --data",
            null);
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)), 0);
      return new DataFolderLock(channel);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new StateException(
          "the data folder "
              + folder
              + " can't be written ("
              + FileFault.reason(folder, e)
              + "): choose another with --data, or mend its permissions",
          e);
    }
  }

  /** Null = somebody else, perhaps of this very process, has it. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_PID_DIGITS);
    int length = channel.read(text, 0);
    return length <= 0 ? "" : " (process " + new String(text.array(), 0, length, US_ASCII) + ")";
  }

  private static void closeQuietly(@Nullable FileChannel channel, IOException cause) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Gives the folder back. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StateException("the lock of the data folder could not be closed: " + e, e);
    }
  }
}
