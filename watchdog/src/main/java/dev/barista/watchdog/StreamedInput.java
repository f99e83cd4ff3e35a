package dev.barista.watchdog;

import dev.barista.http.Duplex;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * A request's body on its way into a process's stdin: read from the client no faster than the
 * process reads. What it doesn't want is dropped. Lives on the exchange's loop.
 */
final class StreamedInput {

  private final Fd stdin;
  private final Duplex duplex;
  private final ReadySignal signal;

  /** What one read of the connection has brought beyond what the pipe took. */
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(0);

  // Mutable state
  private boolean complete;
  private boolean closed;

  StreamedInput(Fd stdin, Duplex duplex, FdLoop watcher, Executor loop) {
    this.stdin = stdin.nonBlocking();
    this.duplex = duplex;
    this.signal = new ReadySignal(watcher, stdin, FdLoop.Interest.WRITABLE, loop, this::roomAgain);
  }

  void part(ByteBuffer bytes, boolean last) {
    complete = last;
    if (closed) {
      return;
    }
    if (waiting.isEmpty()) {
      write(bytes);
    }
    if (!closed && bytes.hasRemaining()) {
      if (waiting.isEmpty()) {
        duplex.pause(true);
        signal.arm();
      }
      waiting.add(copy(bytes));
    }
    closeIfAllWritten();
  }

  /** The process has gone, or has to go. */
  void close() {
    if (!closed) {
      closed = true;
      waiting.clear();
      signal.stopAndClose();
    }
  }

  private void roomAgain() {
    while (!closed && !waiting.isEmpty()) {
      write(waiting.peek());
      if (closed) {
        break;
      }
      if (waiting.peek().hasRemaining()) {
        signal.arm();
        return;
      }
      waiting.poll();
    }
    duplex.pause(false);
    closeIfAllWritten();
  }

  /** As much as fits. */
  private void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        int count = stdin.write(bytes);
        if (count < 0) {
          close();
          return;
        }
        if (count == 0) {
          return;
        }
      }
    } catch (ErrnoException _) {
      close();
    }
  }

  private void closeIfAllWritten() {
    if (complete && waiting.isEmpty()) {
      close();
    }
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
  }
}
