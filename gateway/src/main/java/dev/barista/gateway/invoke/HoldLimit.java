package dev.barista.gateway.invoke;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Longest time that a call is held for a replica to become ready.
 *
 * @param setting that says so
 */
public record HoldLimit(Duration time, String setting) {
  public HoldLimit {
    requireNonNull(setting, "setting");
    if (!time.isPositive()) {
      throw new IllegalArgumentException(setting + ": " + time + " (expected: > 0)");
    }
  }

  /** As long as a replica may take to become ready. */
  public static HoldLimit ofStart(Duration time) {
    return new HoldLimit(time, "start-timeout");
  }
}
