package dev.barista.spawn;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor with one owner, who closes it. {@link #close} is idempotent and
 * thread-safe; the owner must not close while another thread is inside a call on the same
 * descriptor, since its number may be given to another file at once.
 */
public final class Fd implements AutoCloseable {

  private final int number;

  // Mutable state
  private final AtomicBoolean closed = new AtomicBoolean();

  private Fd(int number) {
    this.number = number;
  }

  /** Takes over the ownership of a descriptor that is open already, such as an inherited one. */
  public static Fd adopt(int number) {
    Platform.requireLinux();
    if (number < 0) {
      throw new IllegalArgumentException("file descriptor: " + number + " (expected: >= 0)");
    }
    return new Fd(number);
  }

  /**
   * @throws IllegalStateException after {@link #close}
   */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("file descriptor " + number + " is closed");
    }
    return number;
  }

  public boolean isOpen() {
    return !closed.get();
  }

  /**
   * Reads once into a direct buffer's remaining space and moves its position. Blocks if the
   * descriptor does.
   *
   * @return bytes read; 0 if nothing is there now (non-blocking descriptors); −1 at the end
   * @throws ErrnoException on any other failure
   */
  public int read(ByteBuffer direct) {
    int count = (int) Syscalls.read(number(), address(direct), direct.remaining());
    if (count > 0) {
      direct.position(direct.position() + count);
      return count;
    }
    return endOr(count, "read");
  }

  /**
   * Writes once from a direct buffer's remaining bytes and moves its position. Blocks if the
   * descriptor does.
   *
   * @return bytes written; 0 if there is no room now (non-blocking descriptors); −1 if nobody reads
   *     the other end any more
   * @throws ErrnoException on any other failure
   */
  public int write(ByteBuffer direct) {
    if (!direct.hasRemaining()) {
      return 0;
    }
    int count = (int) Syscalls.write(number(), address(direct), direct.remaining());
    if (count > 0) {
      direct.position(direct.position() + count);
      return count;
    }
    return switch (-count) {
      case Errno.EPIPE -> -1;
      case Errno.EAGAIN, Errno.EINTR, 0 -> 0;
      default -> throw new ErrnoException("write to file descriptor " + number, -count);
    };
  }

  /** Makes reads and writes answer at once. Returns this. */
  public Fd nonBlocking() {
    Syscalls.setNonBlocking(number());
    return this;
  }

  /** A second descriptor of the same open file, closed on exec. */
  public Fd duplicate() {
    return new Fd(Syscalls.duplicateAbove(number(), 0));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Syscalls.close(number);
    }
  }

  @Override
  public String toString() {
    return "Fd[" + number + (closed.get() ? ", closed]" : "]");
  }

  private int endOr(int count, String operation) {
    return switch (-count) {
      case 0 -> -1;
      case Errno.EAGAIN, Errno.EINTR -> 0;
      default -> throw new ErrnoException(operation + " of file descriptor " + number, -count);
    };
  }

  private static long address(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("buffer: on the heap (expected: direct)");
    }
    return MemorySegment.ofBuffer(buffer).address();
  }
}
