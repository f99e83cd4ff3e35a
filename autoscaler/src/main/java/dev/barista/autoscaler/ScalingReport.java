package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.util.List;
import java.util.Optional;

/**
 * How a function scales at this instant, for people.
 *
 * @param scaledBy what decides: {@code alert}, {@code kpa}, {@code target}, {@code hand}; several
 *     when several signals are given, of which the highest wins
 * @param min fewest replicas while it is not at zero
 * @param max most replicas
 * @param desired replicas that were asked for last
 * @param ready replicas that take calls
 * @param inFlight calls on replicas and waiting
 * @param waiting calls that wait for a replica
 * @param arrivals calls that have come since it was deployed or the platform started
 * @param callSeconds time that those calls have spent together, in seconds
 * @param panicking whether Knative's panic mode keeps it from shrinking
 * @param signals as read last
 * @param decisions the last changes, newest first
 * @param oneMore what would have to happen for one more replica, one sentence
 * @param zero when it goes to zero, or why it doesn't, one sentence
 */
public record ScalingReport(
    FunctionName function,
    List<String> scaledBy,
    int min,
    int max,
    int desired,
    int ready,
    int inFlight,
    int waiting,
    long arrivals,
    double callSeconds,
    boolean panicking,
    List<SignalReading> signals,
    List<ScalingDecision> decisions,
    Optional<String> oneMore,
    Optional<String> zero) {

  public ScalingReport {
    scaledBy = List.copyOf(scaledBy);
    signals = List.copyOf(signals);
    decisions = List.copyOf(decisions);
  }
}
