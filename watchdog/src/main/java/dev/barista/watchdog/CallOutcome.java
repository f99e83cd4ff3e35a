package dev.barista.watchdog;

import dev.barista.spawn.ExitStatus;
import java.io.IOException;
import java.time.Duration;

/** How the process of one call ended. */
sealed interface CallOutcome {

  /** By itself, and nobody writes to its output any more. The receiver closes the answer. */
  record Ended(ExitStatus status, AnswerSpool answer) implements CallOutcome {}

  /** It was killed, for it took longer than a setting allows. */
  record Expired(Limit limit, Duration allowed) implements CallOutcome {}

  /** It was killed, for nobody waits for the answer any more. */
  record Cancelled() implements CallOutcome {}

  /** It was killed, for its output could not be kept. */
  record Unkept(IOException reason) implements CallOutcome {}

  /** Which setting. */
  enum Limit {
    EXEC_TIMEOUT,
    WRITE_TIMEOUT
  }
}
