package dev.barista.spawn;

/** A call to the operating system failed. */
public final class ErrnoException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * @param operation what was tried, such as {@code open /tmp/x}
   */
  public ErrnoException(String operation, int errno) {
    super(operation + ": " + Errno.describe(errno));
    this.errno = errno;
  }

  /** One of {@link Errno}'s numbers, or another of the kernel's. */
  public int errno() {
    return errno;
  }
}
