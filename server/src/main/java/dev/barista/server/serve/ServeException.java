package dev.barista.server.serve;

import org.jspecify.annotations.Nullable;

/** The platform can't start. The message is one sentence that says what to do about it. */
public final class ServeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ServeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
