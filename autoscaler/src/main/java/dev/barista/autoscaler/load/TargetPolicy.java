package dev.barista.autoscaler.load;

import java.time.Duration;

/**
 * How much load one replica is to carry.
 *
 * @param target load of one replica, in the unit of {@code metric}; above 0
 * @param proportion share of {@code target} that is aimed at; above 0
 * @param min at least 0
 * @param max at least {@code min}
 * @param downWindow how long the highest wish stands before replicas go; 0 to 5 minutes
 */
public record TargetPolicy(
    LoadMetric metric, double target, double proportion, int min, int max, Duration downWindow) {

  public static final double DEFAULT_TARGET = 50;
  public static final double DEFAULT_PROPORTION = 0.9;

  /** Longest stabilisation before scaling down. */
  public static final Duration LONGEST_DOWN_WINDOW = Duration.ofMinutes(5);

  public TargetPolicy {
    if (!(target > 0) || !(proportion > 0)) {
      throw new IllegalArgumentException(
          "target: " + target + ", proportion: " + proportion + " (expected: > 0)");
    }
    if (min < 0 || max < Math.max(1, min)) {
      throw new IllegalArgumentException(
          "min: " + min + ", max: " + max + " (expected: 0 <= min <= max, max >= 1)");
    }
    if (downWindow.isNegative() || downWindow.compareTo(LONGEST_DOWN_WINDOW) > 0) {
      throw new IllegalArgumentException("downWindow: " + downWindow + " (expected: 0 to 5m)");
    }
  }

  /** With another least number of replicas, at most {@link #max}. */
  public TargetPolicy withMin(int least) {
    return new TargetPolicy(metric, target, proportion, Math.min(least, max), max, downWindow);
  }

  /**
   * Replicas that a load wants: {@code ceil(load / (target × proportion))} within the bounds. As
   * the load of the whole function is the mean of its replicas times their number, that is
   * OpenFaaS's formula. A load of 90 at a target of 100 × 0.7 wants 2.
   *
   * @param load of the whole function
   */
  public int replicas(double load) {
    return Math.max(min, Math.min(max, wanted(load)));
  }

  /** What {@link #replicas} would be without bounds. */
  public int wanted(double load) {
    return (int) Math.ceil(load / (target * proportion));
  }
}
