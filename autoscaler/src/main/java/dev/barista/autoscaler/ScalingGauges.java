package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.util.List;

/**
 * What graphs show of a function's scaling.
 *
 * @param min fewest replicas while it is not at zero
 * @param max most replicas
 * @param panicking whether Knative's panic mode keeps it from shrinking
 * @param signals as read last; none of a function that has been at rest since its deploy
 */
public record ScalingGauges(
    FunctionName function, int min, int max, boolean panicking, List<SignalReading> signals) {

  public ScalingGauges {
    signals = List.copyOf(signals);
  }
}
