package dev.barista.autoscaler;

import dev.barista.autoscaler.alert.CounterRate;
import dev.barista.autoscaler.kpa.DelayWindow;
import dev.barista.autoscaler.load.LoadMetric;
import dev.barista.autoscaler.load.TargetPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenFaaS's scaling towards a load per replica; decides every second one. */
final class TargetSignal implements Signal {

  private static final int TICK_SECONDS = 2;
  private static final double NANOS_PER_MILLICORE_SECOND = 1e6;

  private final TargetPolicy policy;
  private final CounterRate counter;
  private final int[] inFlight;
  private final @Nullable DelayWindow delay;

  // Mutable state
  private double load;
  private int wanted;

  TargetSignal(TargetPolicy policy) {
    this.policy = policy;
    int seconds = policy.metric().windowSeconds();
    this.counter = new CounterRate(seconds);
    this.inFlight = new int[policy.metric() == LoadMetric.CAPACITY ? seconds : 0];
    int held = (int) policy.downWindow().toSeconds();
    this.delay = held == 0 ? null : new DelayWindow(held);
  }

  @Override
  public String name() {
    return "target";
  }

  @Override
  public Optional<Wish> look(Observation seen) {
    load = load(seen);
    if (seen.second() % TICK_SECONDS != 0 || (seen.desired() == 0 && load == 0)) {
      return Optional.empty();
    }
    wanted = policy.wanted(load);
    int bounded = policy.replicas(load);
    int held = delay == null ? bounded : delay.highest(seen.second(), bounded);
    // Going to zero is not the load's decision.
    return held == 0
        ? Optional.empty()
        : Optional.of(new Wish(held, reason(held > bounded), cut(bounded)));
  }

  private double load(Observation seen) {
    return switch (policy.metric()) {
      case RPS -> {
        counter.unchangedUntil(seen.second() - 1);
        counter.read(seen.second(), seen.load().arrivals());
        yield counter.perSecond();
      }
      case CPU -> {
        seen.cpuNanos().ifPresent(nanos -> counter.read(seen.second(), nanos));
        yield counter.perSecond() / NANOS_PER_MILLICORE_SECOND;
      }
      case CAPACITY -> {
        inFlight[Math.floorMod(seen.second(), inFlight.length)] = seen.load().inFlight();
        yield Arrays.stream(inFlight).max().orElse(0);
      }
      case QUEUE -> seen.pending();
    };
  }

  private String reason(boolean held) {
    return String.format(
        Locale.ROOT,
        "%s %.2f at a target of %.2f a replica%s",
        policy.metric().label(),
        load,
        policy.target() * policy.proportion(),
        held ? ", held by com.openfaas.scale.down.window" : "");
  }

  private Optional<String> cut(int bounded) {
    if (bounded < wanted) {
      return Optional.of("max " + policy.max() + " [com.openfaas.scale.max]");
    }
    return bounded > wanted
        ? Optional.of("min " + policy.min() + " [com.openfaas.scale.min]")
        : Optional.empty();
  }

  @Override
  public boolean atRest(Observation seen) {
    boolean still = load == 0 || (policy.metric() == LoadMetric.CPU && seen.arrivals() == 0);
    boolean least = wanted <= policy.min() && seen.desired() == policy.min();
    return still && (least || seen.desired() == 0);
  }

  @Override
  public List<SignalReading> readings() {
    return List.of(
        new SignalReading(
            policy.metric().label(),
            load,
            policy.target() * policy.proportion(),
            policy.metric().unit(),
            policy.metric().windowSeconds() + "s",
            wanted));
  }

  @Override
  public Optional<String> oneMore(int desired) {
    if (desired >= policy.max()) {
      return Optional.of("none: it has its maximum, " + policy.max());
    }
    double each = policy.target() * policy.proportion();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s above %.2f, which is %d x %.2f; now %.2f",
            policy.metric().label(),
            desired * each,
            desired,
            each,
            load));
  }
}
