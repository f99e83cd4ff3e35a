package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.policy.ScalingPolicy;
import dev.barista.concurrency.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How one function scales: its signals, what was read last, its last decisions. Guarded by itself:
 * the loop looks, the REST interface reads, the provider tells of changes.
 */
final class FunctionScaling {

  private static final int KEPT_DECISIONS = 50;
  private static final int NOTHING_ASKED = -1;
  private static final double NANOS_PER_SECOND = 1e9;

  /** A look after a rest, or a late one, doesn't spread the load over the time nobody looked. */
  private static final long TICK_NANOS = 1_000_000_000L;

  private final FunctionName name;

  // Mutable state, guarded by this
  private @Nullable FunctionSpec spec;
  private ScalingPolicy policy;
  private List<Signal> signals;
  private int desired;
  private LoadReading load = new LoadReading(0, 0, 0, 0, 0, 0);
  private long readAt;
  private boolean resting = true;
  private boolean changed;
  private Instant lastBusy;
  private Optional<Wish> owed = Optional.empty();
  private int asked = NOTHING_ASKED;
  private final Deque<ScalingDecision> decisions = new ArrayDeque<>(2);

  FunctionScaling(
      FunctionName name, ScalingPolicy policy, List<Signal> signals, int desired, Instant now) {
    this.name = name;
    this.policy = policy;
    this.signals = List.copyOf(signals);
    this.desired = desired;
    this.lastBusy = now;
  }

  FunctionName name() {
    return name;
  }

  /** Whether the policy was read from this spec: most changes are of the replicas only. */
  synchronized boolean isReadFrom(FunctionSpec given) {
    return given.equals(spec);
  }

  synchronized void readFrom(FunctionSpec given) {
    spec = given;
  }

  synchronized ScalingPolicy policy() {
    return policy;
  }

  synchronized int desired() {
    return desired;
  }

  /**
   * Another policy; what was seen under the one before is forgotten, the decisions and where an
   * alert stands are not.
   */
  synchronized void policy(ScalingPolicy another, List<Signal> fresh) {
    alert()
        .ifPresent(
            before ->
                fresh.stream()
                    .filter(AlertSignal.class::isInstance)
                    .forEach(signal -> ((AlertSignal) signal).inherit(before)));
    policy = another;
    signals = List.copyOf(fresh);
    changed = true;
  }

  /**
   * What the provider says that it has, whoever asked for it.
   *
   * @return the change, unless it is the one that was asked for last
   */
  synchronized Optional<ScalingDecision> desired(int replicas, Instant now) {
    if (replicas == desired) {
      return Optional.empty();
    }
    Optional<ScalingDecision> others =
        replicas == asked ? Optional.empty() : Optional.of(byOthers(replicas, now));
    others.ifPresent(this::remember);
    // It was answered: the same count again is somebody else's wish.
    asked = NOTHING_ASKED;
    owed = Optional.empty();
    desired = replicas;
    lastBusy = now;
    changed = true;
    return others;
  }

  private ScalingDecision byOthers(int replicas, Instant now) {
    boolean woken = desired == 0 && replicas == policy.firstReplicas();
    return new ScalingDecision(
        now,
        desired,
        replicas,
        woken
            ? "woken from zero by a call, or set by hand"
            : "set by hand, by a deploy or by its minimum",
        List.of(),
        Optional.empty());
  }

  /** A change is about to be asked for: the provider's answer will be known as ours. */
  synchronized ScalingDecision ask(Wish wish, Instant now) {
    asked = wish.replicas();
    return new ScalingDecision(
        now, desired, wish.replicas(), wish.reason(), view().readings(), wish.boundedBy());
  }

  /** The provider refused what was asked for. */
  synchronized void refused() {
    asked = NOTHING_ASKED;
    alert().ifPresent(AlertSignal::refused);
  }

  synchronized void remember(ScalingDecision decision) {
    decisions.addFirst(decision);
    if (decisions.size() > KEPT_DECISIONS) {
      decisions.removeLast();
    }
  }

  /**
   * Looks once.
   *
   * @param now a whole second
   * @param nanos of the reading
   * @return the change that is to be made
   */
  synchronized Optional<Wish> look(
      LoadReading reading, OptionalLong cpuNanos, long pending, Instant now, long nanos) {
    changed = false;
    Observation seen = observe(reading, cpuNanos, pending, now, nanos);
    Optional<Wish> highest = Optional.empty();
    for (Signal signal : signals) {
      Optional<Wish> wish = signal.look(seen);
      if (wish.isPresent()
          && (highest.isEmpty() || wish.get().replicas() > highest.get().replicas())) {
        highest = wish;
      }
    }
    resting = atRest(seen);
    Optional<Wish> idle = idle(seen);
    Optional<Wish> wish = idle.isPresent() ? idle : owed(highest);
    return wish.filter(change -> change.replicas() != desired && !wakesUnasked(change, seen));
  }

  /** An alert says each step once, so one that could not be taken yet is kept. */
  private Optional<Wish> owed(Optional<Wish> wish) {
    if (policy.alert().isEmpty()) {
      return wish;
    }
    owed = wish.isPresent() ? wish : owed;
    return owed;
  }

  /** What idled to zero is woken by a call, not by the load of the time before. */
  private boolean wakesUnasked(Wish wish, Observation seen) {
    return desired == 0
        && wish.replicas() > 0
        && policy.idleLimit().isPresent()
        && seen.arrivals() == 0
        && seen.load().inFlight() == 0
        && seen.pending() == 0;
  }

  private Observation observe(
      LoadReading reading, OptionalLong cpuNanos, long pending, Instant now, long nanos) {
    long elapsed = resting ? TICK_NANOS : Math.max(1, nanos - readAt);
    double seconds = elapsed / NANOS_PER_SECOND;
    Observation seen =
        new Observation(
            now,
            (reading.callNanos() - load.callNanos()) / (double) elapsed,
            (reading.arrivals() - load.arrivals()) / seconds,
            reading,
            desired,
            cpuNanos,
            pending);
    if (seen.arrivals() > 0 || reading.inFlight() > 0) {
      lastBusy = now;
    }
    load = reading;
    readAt = nanos;
    return seen;
  }

  private Optional<Wish> idle(Observation seen) {
    return policy
        .idleLimit()
        .filter(
            limit ->
                desired > 0 && seen.pending() == 0 && idleFor(seen.now()).compareTo(limit) >= 0)
        .map(
            limit ->
                new Wish(
                    0,
                    "no call for "
                        + GoDuration.show(limit)
                        + " [com.openfaas.scale.zero-duration]"));
  }

  private Duration idleFor(Instant now) {
    return load.inFlight() > 0 ? Duration.ZERO : Duration.between(lastBusy, now);
  }

  private boolean atRest(Observation seen) {
    return seen.load().inFlight() == 0
        && seen.pending() == 0
        && signals.stream().allMatch(signal -> signal.atRest(seen));
  }

  /**
   * When the loop has to look again: empty = now and then every second, {@link Instant#MAX} = only
   * once a call comes.
   */
  synchronized Optional<Instant> restsUntil() {
    if (!resting || changed) {
      return Optional.empty();
    }
    return Optional.of(
        desired == 0 ? Instant.MAX : policy.idleLimit().map(lastBusy::plus).orElse(Instant.MAX));
  }

  /** Calls that were counted at the last look. */
  synchronized long arrivals() {
    return load.arrivals();
  }

  synchronized Optional<AlertSignal> alert() {
    return signals.stream()
        .filter(AlertSignal.class::isInstance)
        .map(AlertSignal.class::cast)
        .findFirst();
  }

  synchronized Optional<AlertReport> alertReport() {
    return alert().filter(signal -> signal.disabled().isEmpty()).map(AlertSignal::report);
  }

  /** What an AlertManager tells. */
  synchronized Optional<Wish> told(boolean firing, Instant now) {
    return alert()
        .flatMap(signal -> signal.told(firing, desired, now))
        .filter(wish -> wish.replicas() != desired);
  }

  private FunctionView view() {
    return new FunctionView(name, policy, signals, desired, load, lastBusy);
  }

  synchronized ScalingGauges gauges() {
    return view().gauges();
  }

  synchronized ScalingReport report(LoadReading reading) {
    return view().report(reading, List.copyOf(decisions));
  }

  synchronized IdleReport idleReport(LoadReading reading, Instant now) {
    return view().idleReport(reading, now);
  }
}
