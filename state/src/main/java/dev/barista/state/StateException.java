package dev.barista.state;

import org.jspecify.annotations.Nullable;

/** The data folder can't be used. The message is one sentence that says what to do about it. */
public final class StateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
