package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

/** A replica's process could not be started; the message is one sentence for the user. */
final class LaunchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LaunchException(String message, Throwable cause) {
    super(requireNonNull(message, "message"), cause);
  }

  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}
