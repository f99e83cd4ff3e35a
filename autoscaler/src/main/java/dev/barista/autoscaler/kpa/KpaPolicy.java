package dev.barista.autoscaler.kpa;

/**
 * How one function scales, with everything derived. Immutable; a changed policy is a new object.
 *
 * @param capacity load that one replica may carry at the most, in the unit of the metric
 * @param target load that one replica is to carry: {@code max(0.01, capacity × utilization)}
 * @param stableWindowSeconds 6 to 3600
 * @param panicWindowSeconds at least 1, see {@link #panicWindowSeconds(int, double)}
 * @param panicThreshold ratio of wanted to ready replicas from which on the function panics
 * @param maxScaleUpRate most replicas of one decision, as a multiple of the ready ones; above 1
 * @param maxScaleDownRate fewest replicas of one decision, as a divisor of the ready ones; above 1
 * @param burstCapacity load that must fit on top before calls go past the activator; -1 = never
 * @param activationScale replicas of the first step from zero; 0 or 1 = as many as the load wants
 * @param scaleDownDelaySeconds how long a higher decision stands; 0 = not at all
 */
public record KpaPolicy(
    double capacity,
    double target,
    int stableWindowSeconds,
    int panicWindowSeconds,
    double panicThreshold,
    double maxScaleUpRate,
    double maxScaleDownRate,
    double burstCapacity,
    int activationScale,
    int scaleDownDelaySeconds) {

  /** Least load that one replica can be meant to carry. */
  public static final double LEAST_TARGET = 0.01;

  private static final int LEAST_STABLE_WINDOW = 6;
  private static final int MOST_STABLE_WINDOW = 3600;

  public KpaPolicy {
    require(target >= LEAST_TARGET, "target", target, ">= 0.01");
    require(capacity > 0, "capacity", capacity, "> 0");
    require(
        stableWindowSeconds >= LEAST_STABLE_WINDOW && stableWindowSeconds <= MOST_STABLE_WINDOW,
        "stableWindowSeconds",
        stableWindowSeconds,
        "6 to 3600");
    require(panicWindowSeconds >= 1, "panicWindowSeconds", panicWindowSeconds, ">= 1");
    require(panicThreshold > 0, "panicThreshold", panicThreshold, "> 0");
    require(maxScaleUpRate > 1, "maxScaleUpRate", maxScaleUpRate, "> 1");
    require(maxScaleDownRate > 1, "maxScaleDownRate", maxScaleDownRate, "> 1");
    require(
        burstCapacity >= 0 || burstCapacity == -1, "burstCapacity", burstCapacity, ">= 0 or -1");
    require(activationScale >= 0, "activationScale", activationScale, ">= 0");
    require(scaleDownDelaySeconds >= 0, "scaleDownDelaySeconds", scaleDownDelaySeconds, ">= 0");
  }

  /** Knative's defaults for a replica that may carry {@code capacity} at a utilization. */
  public static KpaPolicy of(double capacity, double utilization) {
    return new KpaPolicy(
        capacity, Math.max(LEAST_TARGET, capacity * utilization), 60, 6, 2, 1000, 2, 211, 0, 0);
  }

  /**
   * The panic window as a share of the stable one, in whole seconds, half a second up: 60 s at 10 %
   * gives 6 s, 25 s gives 3 s, 6 s gives 1 s.
   */
  public static int panicWindowSeconds(int stableWindowSeconds, double percentage) {
    return (int) Math.max(1, Math.round(stableWindowSeconds * percentage / 100));
  }

  public KpaPolicy withWindows(int stableSeconds, int panicSeconds) {
    return new KpaPolicy(
        capacity,
        target,
        stableSeconds,
        panicSeconds,
        panicThreshold,
        maxScaleUpRate,
        maxScaleDownRate,
        burstCapacity,
        activationScale,
        scaleDownDelaySeconds);
  }

  public KpaPolicy withRates(double up, double down) {
    return new KpaPolicy(
        capacity,
        target,
        stableWindowSeconds,
        panicWindowSeconds,
        panicThreshold,
        up,
        down,
        burstCapacity,
        activationScale,
        scaleDownDelaySeconds);
  }

  public KpaPolicy withBurstCapacity(double burst) {
    return new KpaPolicy(
        capacity,
        target,
        stableWindowSeconds,
        panicWindowSeconds,
        panicThreshold,
        maxScaleUpRate,
        maxScaleDownRate,
        burst,
        activationScale,
        scaleDownDelaySeconds);
  }

  public KpaPolicy withActivationScale(int replicas) {
    return new KpaPolicy(
        capacity,
        target,
        stableWindowSeconds,
        panicWindowSeconds,
        panicThreshold,
        maxScaleUpRate,
        maxScaleDownRate,
        burstCapacity,
        replicas,
        scaleDownDelaySeconds);
  }

  public KpaPolicy withScaleDownDelay(int seconds) {
    return new KpaPolicy(
        capacity,
        target,
        stableWindowSeconds,
        panicWindowSeconds,
        panicThreshold,
        maxScaleUpRate,
        maxScaleDownRate,
        burstCapacity,
        activationScale,
        seconds);
  }

  private static void require(boolean holds, String name, Number value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
