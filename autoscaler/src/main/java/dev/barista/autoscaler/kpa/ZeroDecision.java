package dev.barista.autoscaler.kpa;

import java.time.Duration;
import java.util.Optional;

/** What becomes of a function that wants no replica. */
public sealed interface ZeroDecision {

  /** Its count is set to {@code replicas}: 0, or 1 when it may not go yet. */
  record Set(int replicas, boolean timedOut) implements ZeroDecision {}

  /** Nothing is changed yet; it is looked at again after {@code recheck}, or at the next tick. */
  record Wait(boolean wantsZero, Optional<Duration> recheck) implements ZeroDecision {}
}
