package dev.barista.spawn;

/**
 * A pipe, both ends closed on exec and blocking. A child that shall have an end gets it by {@link
 * Command#withFd}.
 */
public record Pipe(Fd readEnd, Fd writeEnd) implements AutoCloseable {

  /**
   * @throws ErrnoException if this process has no descriptor left
   */
  public static Pipe open() {
    return Syscalls.pipe();
  }

  /** Closes both ends. */
  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
