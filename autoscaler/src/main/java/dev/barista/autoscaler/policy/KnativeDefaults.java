package dev.barista.autoscaler.policy;

import java.time.Duration;

/**
 * What Knative keeps in its {@code config-autoscaler} for all functions together, as far as it can
 * be set here.
 *
 * @param scaleToZero whether functions that are scaled Knative's way may go to zero
 * @param gracePeriod longest time that the last replica stays once a function is inactive
 * @param maxScaleUpRate most replicas of one decision, as a multiple of the ready ones; above 1
 * @param maxScaleDownRate fewest replicas of one decision, as a divisor of the ready ones; above 1
 */
public record KnativeDefaults(
    boolean scaleToZero, Duration gracePeriod, double maxScaleUpRate, double maxScaleDownRate) {

  public static final KnativeDefaults STANDARD =
      new KnativeDefaults(/* scaleToZero= */ true, Duration.ofSeconds(30), 1000, 2);

  public KnativeDefaults {
    if (!gracePeriod.isPositive() || !(maxScaleUpRate > 1) || !(maxScaleDownRate > 1)) {
      throw new IllegalArgumentException(
          "gracePeriod: %s, rates: %s, %s (expected: > 0, > 1, > 1)"
              .formatted(gracePeriod, maxScaleUpRate, maxScaleDownRate));
    }
  }
}
