package dev.barista.provider.process;

import java.time.Instant;

/** Where in its life a replica is. */
sealed interface Phase {

  /**
   * Wanted, but without a place on the node.
   *
   * @param retry whether the node has changed since it was last refused
   */
  record Pending(boolean retry) implements Phase {}

  /**
   * Its process runs and doesn't accept connections yet.
   *
   * @param giveUpAt when it counts as failed
   */
  record Starting(Instant giveUpAt) implements Phase {}

  record Ready(Instant since) implements Phase {}

  /**
   * Takes no new calls.
   *
   * @param stopAt when it is stopped though calls are left
   */
  record Draining(Instant stopAt) implements Phase {}

  /**
   * Asked to end.
   *
   * @param killAt when it is killed
   * @param killed whether that was done
   */
  record Stopping(Instant killAt, boolean killed) implements Phase {}

  /** Its process ended; another is started later. */
  record BackOff(Instant until) implements Phase {}

  /** Whether it is on its way out. */
  default boolean isLeaving() {
    return this instanceof Draining || this instanceof Stopping;
  }
}
