package dev.barista.watchdog;

import dev.barista.http.Headers;
import dev.barista.http.RequestHead;
import dev.barista.spawn.SpawnException;

/** What becomes of the end of a call's process: the answer, and lines in the log. Thread-safe. */
interface Answers {

  /**
   * @param startNanos when the process was started
   */
  Reply reply(RequestHead head, CallOutcome outcome, long startNanos);

  Reply notStarted(SpawnException failure, long startNanos);

  /** A call is about to be run. */
  void beginning(Headers headers);
}
