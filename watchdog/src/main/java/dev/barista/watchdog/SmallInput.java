package dev.barista.watchdog;

import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A small body on its way into a process's stdin. Nearly always the pipe takes it at once; where
 * the system has shrunk pipes (a user's limit), the loop brings the rest. That the process doesn't
 * read it is no failure.
 */
final class SmallInput {

  private final Fd stdin;
  private final ByteBuffer rest;

  // Mutable state, of the loop's thread once it is watched
  private FdLoop.@Nullable Watch watch;

  private SmallInput(Fd stdin, ByteBuffer rest) {
    this.stdin = stdin;
    this.rest = rest;
  }

  /** Writes what fits, and closes if that was all. */
  static SmallInput begin(Fd stdin, byte[] body) {
    var input = new SmallInput(stdin, ByteBuffer.allocateDirect(body.length).put(body).flip());
    input.write();
    return input;
  }

  /** Lets the loop write what is left. */
  void watch(FdLoop loop) {
    if (stdin.isOpen()) {
      watch = loop.watch(stdin, FdLoop.Interest.WRITABLE, this::write);
    }
  }

  void close() {
    if (watch != null) {
      watch.cancel();
    }
    stdin.close();
  }

  private void write() {
    if (isOver()) {
      close();
    }
  }

  private boolean isOver() {
    try {
      return stdin.write(rest) < 0 || !rest.hasRemaining();
    } catch (ErrnoException _) {
      return true;
    }
  }
}
