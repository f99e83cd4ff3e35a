package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import dev.barista.autoscaler.policy.KnativeDefaults;
import dev.barista.autoscaler.policy.ScalingPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Replays a trace through the decisions of the platform itself: what would have been decided,
 * second by second. Where the trace doesn't tell how many replicas were ready, those that were
 * decided in one second are ready in the next.
 */
public final class Simulation {

  private static final FunctionName NAME = FunctionName.parse("trace", "openfaas-fn");
  private static final long SECOND = 1_000_000_000L;

  /**
   * One second of the replay.
   *
   * @param ready replicas that took calls
   * @param desired after the decision
   * @param decision why {@code desired} changed; empty when it did not
   */
  public record Step(Trace.Row row, int ready, int desired, Optional<ScalingDecision> decision) {}

  // Mutable state
  private final FunctionScaling function;
  private final List<Step> steps = new ArrayList<>();
  private double arrivals;
  private double callSeconds;
  private int desired;

  private Simulation(ScalingPolicy policy, int replicas, int maxReplicas, Instant start) {
    List<Signal> signals =
        new ScalingRules(
                new ScalingConfig(AlertMode.BUILTIN, KnativeDefaults.STANDARD, maxReplicas))
            .signals(NAME, policy, replicas, start);
    this.function = new FunctionScaling(NAME, policy, signals, replicas, start);
    this.desired = replicas;
  }

  /**
   * @param replicas at the beginning, unless the trace tells
   */
  public static List<Step> run(Trace trace, ScalingPolicy policy, int replicas, int maxReplicas) {
    Trace.Row first = trace.rows().getFirst();
    Simulation simulation =
        new Simulation(
            policy,
            first.ready().orElse(replicas),
            maxReplicas,
            Instant.ofEpochSecond(first.second() - 1));
    long next = first.second();
    for (Trace.Row row : trace.rows()) {
      for (; next < row.second(); next++) {
        simulation.step(new Trace.Row(next, 0, 0, OptionalInt.empty()));
      }
      simulation.step(row);
      next = row.second() + 1;
    }
    return List.copyOf(simulation.steps);
  }

  private void step(Trace.Row row) {
    Instant now = Instant.ofEpochSecond(row.second());
    boolean load = row.concurrency() > 0 || row.rps() > 0;
    if (desired == 0 && load) {
      // The call that wakes a function doesn't wait for a tick.
      desired = function.policy().firstReplicas();
      function.desired(desired, now);
    }
    int ready = row.ready().orElse(desired);
    arrivals += row.rps();
    callSeconds += row.concurrency();
    LoadReading reading =
        new LoadReading(
            (long) arrivals,
            (long) arrivals,
            (long) (callSeconds * SECOND),
            (int) Math.ceil(row.concurrency()),
            0,
            ready);
    Optional<Wish> wish =
        function.look(reading, OptionalLong.empty(), 0, now, row.second() * SECOND);
    Optional<ScalingDecision> decision = wish.map(wanted -> function.ask(wanted, now));
    if (decision.isPresent()) {
      desired = decision.get().to();
      function.desired(desired, now);
      function.remember(decision.get());
    }
    steps.add(new Step(row, ready, desired, decision));
  }
}
