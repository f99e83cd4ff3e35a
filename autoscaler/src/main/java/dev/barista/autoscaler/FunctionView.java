package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import dev.barista.autoscaler.policy.ScalingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is told of one function's scaling: to people, to graphs. Its signals are the function's own,
 * so it is only for whoever holds the function's lock.
 *
 * @param load at the last look
 * @param lastBusy when a call was there last
 */
record FunctionView(
    FunctionName name,
    ScalingPolicy policy,
    List<Signal> signals,
    int desired,
    LoadReading load,
    Instant lastBusy) {

  private static final double NANOS_PER_SECOND = 1e9;

  List<SignalReading> readings() {
    List<SignalReading> all = new ArrayList<>();
    signals.forEach(signal -> all.addAll(signal.readings()));
    return all;
  }

  ScalingGauges gauges() {
    return new ScalingGauges(name, policy.min(), policy.max(), panicking(), readings());
  }

  private boolean panicking() {
    return signals.stream().anyMatch(signal -> signal instanceof KpaSignal kpa && kpa.panicking());
  }

  /**
   * @param reading of the load, now
   * @param decisions the newest first
   */
  ScalingReport report(LoadReading reading, List<ScalingDecision> decisions) {
    return new ScalingReport(
        name,
        scaledBy(),
        policy.min(),
        policy.max(),
        desired,
        reading.ready(),
        reading.inFlight(),
        reading.waiting(),
        reading.arrivals(),
        reading.callNanos() / NANOS_PER_SECOND,
        panicking(),
        readings(),
        decisions,
        oneMore(),
        Optional.of(zero(reading)));
  }

  private List<String> scaledBy() {
    return signals.isEmpty()
        ? List.of("hand")
        : signals.stream().map(Signal::name).distinct().toList();
  }

  private Optional<String> oneMore() {
    if (desired == 0) {
      return Optional.of("a call");
    }
    List<String> ways = signals.stream().flatMap(s -> s.oneMore(desired).stream()).toList();
    return ways.isEmpty() ? Optional.empty() : Optional.of(String.join(", or ", ways));
  }

  private String zero(LoadReading reading) {
    if (desired == 0) {
      return "it is at zero";
    }
    if (!policy.mayGoToZero()) {
      return "never: "
          + (policy.kpa().isPresent()
              ? "min-scale is " + policy.min() + ", or going to zero is turned off"
              : "com.openfaas.scale.zero is not set");
    }
    if (reading.inFlight() > 0) {
      return "not while " + reading.inFlight() + " calls are in flight";
    }
    return policy
        .idleLimit()
        .map(limit -> "at " + lastBusy.plus(limit) + ", unless a call comes")
        .orElse("after a stable window without calls, and the grace period");
  }

  /**
   * @param reading of the load, now
   */
  IdleReport idleReport(LoadReading reading, Instant now) {
    Duration limit =
        policy
            .idleLimit()
            .or(() -> policy.kpa().map(rules -> rules.zero().window()))
            .orElse(Duration.ZERO);
    boolean busy = reading.inFlight() > 0 || reading.arrivals() > load.arrivals();
    Duration idle = busy ? Duration.ZERO : Duration.between(lastBusy, now);
    boolean toZero = desired > 0 && policy.mayGoToZero() && !busy && idle.compareTo(limit) >= 0;
    return new IdleReport(name, desired, idle, limit, toZero, zero(reading));
  }
}
