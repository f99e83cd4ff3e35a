package dev.barista.autoscaler.alert;

import java.time.Duration;

/**
 * When a function's alert fires: its answers a second, averaged over {@code window}, are above
 * {@code threshold} for as long as {@code hold}.
 *
 * @param threshold calls a second; above 0
 * @param window whole seconds, at least 1
 * @param hold how long the load must last until pending becomes firing; 0 = fires at once
 * @param repeat time between two steps while it fires; above 0
 */
public record AlertRule(double threshold, Duration window, Duration hold, Duration repeat) {

  /** The rule of OpenFaaS: more than 5 a second over 10 s, for 5 s, repeated every 30 s. */
  public static final AlertRule DEFAULT =
      new AlertRule(5, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(30));

  public AlertRule {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException("threshold: " + threshold + " (expected: > 0)");
    }
    if (window.toSeconds() < 1 || hold.isNegative() || !repeat.isPositive()) {
      throw new IllegalArgumentException(
          "window: %s, hold: %s, repeat: %s (expected: >= 1 s, >= 0, > 0)"
              .formatted(window, hold, repeat));
    }
  }
}
