package dev.barista.autoscaler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change of a function's replicas, and why.
 *
 * @param reason one sentence
 * @param boundedBy the setting that cut the wish, as in {@code max 10 [com.openfaas.scale.max]}
 */
public record ScalingDecision(
    Instant at,
    int from,
    int to,
    String reason,
    List<SignalReading> signals,
    Optional<String> boundedBy) {

  public ScalingDecision {
    signals = List.copyOf(signals);
  }
}
