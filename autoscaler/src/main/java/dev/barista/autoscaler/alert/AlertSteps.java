package dev.barista.autoscaler.alert;

/**
 * What an alert does to a function's replicas. A firing one adds a share of the maximum, a resolved
 * one goes back to the minimum.
 *
 * <p>Example: at most 20 with a factor of 20 is a step of 4, so 1, 5, 9, 13, 17, 20.
 *
 * @param min replicas without an alert; at least 1
 * @param max at least {@code min}
 * @param factor the step in percent of {@code max}, 0 to 100; 0 = alerts do nothing
 */
public record AlertSteps(int min, int max, int factor) {

  private static final int ALL = 100;

  public AlertSteps {
    if (min < 1 || max < min || factor < 0 || factor > ALL) {
      throw new IllegalArgumentException(
          "min: %d, max: %d, factor: %d (expected: 1 <= min <= max, factor 0 to 100)"
              .formatted(min, max, factor));
    }
  }

  /** Whether alerts change anything: not with a factor of 0, nor where min and max are equal. */
  public boolean enabled() {
    return factor > 0 && min < max;
  }

  /** Replicas of one step, rounded up, so that a small share still adds one. */
  public int step() {
    return Math.ceilDiv(max * factor, ALL);
  }

  /**
   * The next count under a firing alert.
   *
   * @param current desired replicas; above {@code max} they come down to it
   */
  public int firing(int current) {
    return enabled() ? Math.min(current + step(), max) : current;
  }

  /** The count once the alert is resolved. */
  public int resolved(int current) {
    return enabled() ? min : current;
  }
}
