package dev.barista.spawn;

/** How a process ended. */
public sealed interface ExitStatus {

  /** By itself, with a code of 0..255. */
  record Exited(int code) implements ExitStatus {}

  /** By a signal, which it did not handle. */
  record Signaled(int signal) implements ExitStatus {}

  static ExitStatus ofRaw(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? new Exited((status >> 8) & 0xff) : new Signaled(signal);
  }

  default boolean isSuccess() {
    return equals(new Exited(0));
  }

  /** {@code exit status 1} or {@code signal: killed}. */
  default String describe() {
    return switch (this) {
      case Exited(int code) -> "exit status " + code;
      case Signaled(int signal) -> "signal: " + Signals.describe(signal);
    };
  }
}
