package dev.barista.autoscaler.alert;

import java.time.Instant;

/** Where an alert stands, in the words of Prometheus. */
public sealed interface AlertState {

  /** The load is below the threshold. */
  record Inactive() implements AlertState {}

  /** The load is above the threshold, but not for long enough yet. */
  record Pending(Instant since) implements AlertState {}

  /**
   * The alert scales.
   *
   * @param since when it began to fire
   * @param lastStep when it last took a step
   */
  record Firing(Instant since, Instant lastStep) implements AlertState {}
}
