package dev.barista.spawn;

import static java.util.Objects.requireNonNull;

/** A command could not be started; nothing of it is left. The message is fit for a user. */
public final class SpawnException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int errno;

  SpawnException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }

  /** The reason as one of {@link Errno}'s numbers. */
  public int errno() {
    return errno;
  }
}
