package dev.barista.autoscaler.kpa;

import java.time.Duration;

/**
 * When a function without load gives up its last replica.
 *
 * @param enabled whether it may go to zero at all
 * @param window the stable window: least time that a function is active
 * @param grace longest time that the last replica stays once the function is inactive
 * @param retention shortest time that it stays then
 * @param activationTimeout time in which a function must have become active
 */
public record ZeroPolicy(
    boolean enabled,
    Duration window,
    Duration grace,
    Duration retention,
    Duration activationTimeout) {

  private static final Duration ACTIVATION_SLACK = Duration.ofSeconds(30);

  public ZeroPolicy {
    if (!grace.isPositive() || retention.isNegative() || !window.isPositive()) {
      throw new IllegalArgumentException(
          "window: %s, grace: %s, retention: %s (expected: > 0, > 0, >= 0)"
              .formatted(window, grace, retention));
    }
  }

  /** Knative's defaults: window 60 s, grace 30 s, no retention, 600 s and 30 s more to start. */
  public static ZeroPolicy defaults() {
    return new ZeroPolicy(
        true,
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ZERO,
        Duration.ofSeconds(600).plus(ACTIVATION_SLACK));
  }

  public ZeroPolicy withWindow(Duration changed) {
    return new ZeroPolicy(enabled, changed, grace, retention, activationTimeout);
  }

  public ZeroPolicy withRetention(Duration changed) {
    return new ZeroPolicy(enabled, window, grace, changed, activationTimeout);
  }

  public ZeroPolicy withEnabled(boolean changed) {
    return new ZeroPolicy(changed, window, grace, retention, activationTimeout);
  }
}
