package dev.barista.autoscaler.policy;

import dev.barista.autoscaler.kpa.KpaBounds;
import dev.barista.autoscaler.kpa.KpaPolicy;
import dev.barista.autoscaler.kpa.ZeroPolicy;

/**
 * How a function scales Knative's way.
 *
 * @param metric what is averaged
 * @param weighted whether newer seconds weigh more ({@code weighted-exponential})
 */
public record KpaRules(
    Metric metric, boolean weighted, KpaPolicy policy, KpaBounds bounds, ZeroPolicy zero) {

  /** The load of a function. */
  public enum Metric {
    CONCURRENCY,
    RPS
  }
}
