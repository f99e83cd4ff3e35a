package dev.barista.provider.process.log;

import dev.barista.spawn.OutputPump;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one run of a replica prints to {@code FILE}, and at the cap moves that to {@code
 * FILE.1}. A disk that takes no more costs the log, not the replica. Runs on the pump's thread;
 * {@link #lastLines} is thread-safe.
 */
public final class ReplicaLog implements OutputPump.Sink {

  private static final System.Logger LOG = System.getLogger(ReplicaLog.class.getName());

  private final Path file;
  private final long capBytes;
  private final LastLines lastLines = new LastLines();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final byte[] buffer = new byte[8 << 10];

  // Mutable state
  private @Nullable OutputStream out;
  private long written;
  private boolean failed;

  ReplicaLog(Path file, long capBytes) {
    this.file = file;
    this.capBytes = capBytes;
  }

  /** The newest lines, the last one also unfinished. */
  public List<String> lastLines() {
    return lastLines.lines();
  }

  /** Waits for the end of the output, but not long: a process may have left its pipe to another. */
  public void awaitEnd() {
    try {
      boolean all = ended.await(200, TimeUnit.MILLISECONDS);
      LOG.log(System.Logger.Level.TRACE, () -> file + (all ? " is complete" : " is open"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void chunk(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int length = Math.min(buffer.length, bytes.remaining());
      bytes.get(buffer, 0, length);
      lastLines.add(buffer, length);
      write(length);
    }
  }

  private void write(int length) {
    if (failed) {
      return;
    }
    try {
      if (out == null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        written = Files.size(file);
      }
      if (written > 0 && written + length > capBytes) {
        out.close();
        Files.move(file, rotated(), StandardCopyOption.REPLACE_EXISTING);
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        written = 0;
      }
      out.write(buffer, 0, length);
      written += length;
    } catch (IOException e) {
      failed = true;
      LOG.log(System.Logger.Level.WARNING, "no more log in " + file, e);
    }
  }

  private Path rotated() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  @Override
  public void end() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "can't close " + file, e);
    } finally {
      ended.countDown();
    }
  }
}
