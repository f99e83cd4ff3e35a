package dev.barista.autoscaler.kpa;

/**
 * Bounds on a decision that the function sets, and what follows from the number of replicas.
 *
 * @param min at least 0
 * @param max 0 = none. Not checked against {@code initial}: the low bound wins
 * @param initial replicas that a new function must have had ready once; at least 1
 */
public record KpaBounds(int min, int max, int initial) {

  private static final int LEAST_ACTIVATORS = 2;

  public KpaBounds {
    if (min < 0 || max < 0 || initial < 1 || (max > 0 && max < min)) {
      throw new IllegalArgumentException(
          "min: %d, max: %d, initial: %d (expected: 0 <= min <= max or max 0, initial >= 1)"
              .formatted(min, max, initial));
    }
  }

  /**
   * @param initialized whether {@code initial} replicas have been ready once
   * @param reachable whether calls can be routed to the function
   */
  public int clamp(int desired, boolean initialized, boolean reachable) {
    int floor = reachable ? min : 0;
    int low = reachable && !initialized && initial > 1 ? Math.max(floor, initial) : floor;
    if (desired < low) {
      return low;
    }
    return max != 0 && desired > max ? max : desired;
  }

  /** Ready replicas from which on the function counts as active. */
  public int minReady(boolean initialized) {
    return initialized ? Math.max(min, 1) : Math.max(min, initial);
  }

  /**
   * Activators for a function: enough for what its replicas and a burst may carry.
   *
   * @param activatorCapacity load that one activator may carry
   */
  public static int activators(
      int ready, double capacity, double burstCapacity, double activatorCapacity) {
    if (burstCapacity == 0) {
      return LEAST_ACTIVATORS;
    }
    double load = ready * capacity + Math.max(burstCapacity, 0);
    return Math.max(LEAST_ACTIVATORS, (int) Math.ceil(load / activatorCapacity));
  }
}
