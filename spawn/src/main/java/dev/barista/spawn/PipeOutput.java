package dev.barista.spawn;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The writing end of a pipe as a stream for virtual threads: while the pipe is full the writer is
 * parked and the loop watches, so that no carrier thread waits in a system call. One thread writes
 * and closes; {@link #abort} is thread-safe.
 */
public final class PipeOutput extends OutputStream {

  /** Nothing more can be written: the reader has gone, or {@link #abort} was called. */
  public static final class PipeClosedException extends IOException {

    private static final long serialVersionUID = 1L;

    PipeClosedException(String reason) {
      super(reason);
    }
  }

  private static final int CHUNK_BYTES = 64 << 10;

  private final Fd fd;
  private final FdLoop loop;

  // Mutable state
  private @Nullable ByteBuffer chunk;
  private volatile boolean aborted;
  private volatile boolean writable;
  private volatile @Nullable Thread waiter;

  /** Takes over the descriptor. */
  public PipeOutput(Fd writeEnd, FdLoop loop) {
    this.fd = writeEnd.nonBlocking();
    this.loop = loop;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  /**
   * @throws PipeClosedException if the other end is closed, and after {@link #abort}
   */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    for (int from = offset; from < end; ) {
      ByteBuffer direct = chunk(end - from);
      int size = Math.min(direct.capacity(), end - from);
      direct.clear().put(bytes, from, size).flip();
      writeAll(direct);
      from += size;
    }
  }

  /** Lets a writer that waits, or writes later, fail. */
  public void abort() {
    aborted = true;
    LockSupport.unpark(waiter);
  }

  @Override
  public void close() {
    fd.close();
  }

  private void writeAll(ByteBuffer direct) throws IOException {
    while (direct.hasRemaining()) {
      if (aborted) {
        throw new PipeClosedException("writing to the pipe was aborted");
      }
      int count = write(direct);
      if (count < 0) {
        throw new PipeClosedException("the reader of the pipe has gone");
      }
      if (count == 0) {
        awaitRoom();
      }
    }
  }

  private int write(ByteBuffer direct) throws IOException {
    try {
      return fd.write(direct);
    } catch (ErrnoException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private void awaitRoom() {
    writable = false;
    waiter = Thread.currentThread();
    var watch = new FdLoop.Watch[1];
    loop.execute(
        () ->
            watch[0] =
                loop.watch(
                    fd,
                    FdLoop.Interest.WRITABLE,
                    () -> {
                      watch[0].cancel();
                      signal();
                    }));
    while (!writable && !aborted) {
      LockSupport.park(this);
    }
    if (!writable) {
      // Aborted: the descriptor may only be closed when the loop has let go of it.
      loop.execute(
          () -> {
            watch[0].cancel();
            signal();
          });
      while (!writable) {
        LockSupport.park(this);
      }
    }
    waiter = null;
  }

  private void signal() {
    Thread thread = waiter;
    writable = true;
    LockSupport.unpark(thread);
  }

  private ByteBuffer chunk(int needed) {
    ByteBuffer current = chunk;
    if (current == null || current.capacity() < Math.min(needed, CHUNK_BYTES)) {
      current = ByteBuffer.allocateDirect(Math.min(Math.max(needed, 4096), CHUNK_BYTES));
      chunk = current;
    }
    return current;
  }
}
