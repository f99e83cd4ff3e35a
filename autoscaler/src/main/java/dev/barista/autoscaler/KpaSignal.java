package dev.barista.autoscaler;

import dev.barista.autoscaler.kpa.Activity;
import dev.barista.autoscaler.kpa.KpaDecision;
import dev.barista.autoscaler.kpa.KpaScaler;
import dev.barista.autoscaler.kpa.LoadSignals;
import dev.barista.autoscaler.kpa.SecondBuckets;
import dev.barista.autoscaler.kpa.ZeroDecision;
import dev.barista.autoscaler.kpa.ZeroRules;
import dev.barista.autoscaler.policy.KpaRules;
import dev.barista.autoscaler.policy.KpaRules.Metric;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knative's scaling: looks every second, decides every second one, and at once when calls come to a
 * function that the decision before had at zero, or when a burst begins.
 */
final class KpaSignal implements Signal {

  /** Seconds between two decisions. */
  private static final int TICK_SECONDS = 2;

  private static final int UNKNOWN = -1;
  private static final String TIMED_OUT = "no replica became ready in time";

  private final KpaRules rules;
  private final int maxReplicas;
  private final SecondBuckets stable;
  private final SecondBuckets panic;
  private final KpaScaler scaler;

  // Mutable state
  private Activity activity;
  private boolean initialized;
  private @Nullable KpaDecision last;
  private double stableLoad;
  private double panicLoad;

  /**
   * @param replicas that it has already; 0 = it went to zero before
   */
  KpaSignal(KpaRules rules, int maxReplicas, int replicas, Instant now) {
    this.rules = rules;
    this.maxReplicas = maxReplicas;
    this.stable = new SecondBuckets(rules.policy().stableWindowSeconds());
    this.panic = new SecondBuckets(rules.policy().panicWindowSeconds());
    this.scaler = new KpaScaler(rules.policy(), replicas, now);
    this.activity =
        new Activity(
            replicas == 0 ? Activity.State.INACTIVE : Activity.State.ACTIVATING,
            now,
            Optional.of(now));
    this.initialized = replicas == 0 || replicas >= rules.bounds().minReady(false);
  }

  @Override
  public String name() {
    return "kpa";
  }

  @Override
  public Optional<Wish> look(Observation seen) {
    double load = load(seen);
    stable.record(seen.second(), load);
    panic.record(seen.second(), load);
    boolean tick = seen.second() % TICK_SECONDS == 0;
    if (tick) {
      return decide(seen);
    }
    // Between ticks other signals say nothing, so that less is not the highest wish of all.
    return poked(load) || bursts(seen)
        ? decide(seen).filter(wish -> wish.replicas() > seen.desired())
        : Optional.empty();
  }

  /** As Knative's activator does for a function whose last decision was zero. */
  private boolean poked(double load) {
    return last != null && last.desired() == 0 && load > 0;
  }

  /** Beyond Knative: a burst that will be a panic need not wait for the second that decides. */
  private boolean bursts(Observation seen) {
    if (last == null || last.panicking()) {
      return false;
    }
    double wanted = Math.ceil(average(panic, seen.second()) / rules.policy().target());
    return wanted / Math.max(1, seen.load().ready()) >= rules.policy().panicThreshold();
  }

  /**
   * The first call to an idle function counts as one for its second, however short it was, as
   * Knative's activator reports it.
   */
  private double load(Observation seen) {
    double load = rules.metric() == Metric.RPS ? seen.arrivals() : seen.concurrency();
    boolean first = activity.state() == Activity.State.INACTIVE && seen.arrivals() > 0;
    return first ? Math.max(load, 1) : load;
  }

  private Optional<Wish> decide(Observation seen) {
    Instant now = seen.now();
    stableLoad = average(stable, seen.second());
    panicLoad = average(panic, seen.second());
    int ready = seen.load().ready();
    KpaDecision decision = scaler.decide(LoadSignals.of(ready, stableLoad, panicLoad), now);
    last = decision;
    initialized |= ready >= rules.bounds().minReady(false);
    int bounded =
        Math.min(rules.bounds().clamp(decision.desired(), initialized, true), maxReplicas);
    // An average of calls a second doesn't see one that lasts.
    int wanted = bounded == 0 && seen.load().inFlight() > 0 ? 1 : bounded;
    if (wanted > 0) {
      becomes(wanted, ready, now);
      return Optional.of(new Wish(wanted, reason(), cut(bounded)));
    }
    ZeroDecision zero = ZeroRules.decide(activity, true, rules.zero(), now);
    return switch (zero) {
      case ZeroDecision.Set(int replicas, boolean timedOut) -> {
        becomes(replicas, ready, now);
        yield Optional.of(new Wish(replicas, timedOut ? TIMED_OUT : zeroReason(replicas)));
      }
      case ZeroDecision.Wait(boolean wantsZero, var _) -> {
        becomes(wantsZero ? 0 : UNKNOWN, ready, now);
        yield Optional.empty();
      }
    };
  }

  private double average(SecondBuckets buckets, long second) {
    return rules.weighted() ? buckets.weightedAverage(second) : buckets.average(second);
  }

  private String zeroReason(int replicas) {
    if (replicas == 0) {
      return "no calls for the stable window, and the grace period is over";
    }
    return rules.zero().enabled()
        ? "no calls, but it has not been active for a whole stable window yet"
        : "no calls, and it may not go to zero";
  }

  /** Knative's condition <i>Active</i> and the mode, after a decision that wants so many. */
  private void becomes(int want, int ready, Instant now) {
    boolean enough = ready >= rules.bounds().minReady(initialized);
    boolean known = want > 0 || activity.state() != Activity.State.INACTIVE;
    if (want == 0) {
      activity = activity.becoming(Activity.State.INACTIVE, now);
    } else if (known) {
      activity = activity.becoming(enough ? Activity.State.ACTIVE : Activity.State.ACTIVATING, now);
    }
    boolean direct = want > 0 && ready > 0 && lastDecision().excessBurst() >= 0;
    activity = activity.proxied(!direct, now);
  }

  private String reason() {
    KpaDecision decision = lastDecision();
    String how =
        decision.panicking() ? "panic mode, which only grows" : decision.held() ? "held" : "stable";
    return String.format(
        Locale.ROOT,
        "%s %.2f over %ds and %.2f over %ds at a target of %.2f a replica (%s)",
        metric(),
        stableLoad,
        stable.windowSeconds(),
        panicLoad,
        panic.windowSeconds(),
        rules.policy().target(),
        how);
  }

  private String metric() {
    return rules.metric() == Metric.RPS ? "calls a second" : "concurrency";
  }

  private Optional<String> cut(int bounded) {
    KpaDecision decision = lastDecision();
    if (bounded < decision.desired()) {
      return Optional.of(
          "max " + bounded + (bounded == maxReplicas ? " [--max-replicas]" : " [max-scale]"));
    }
    if (bounded > decision.desired()) {
      return Optional.of("min " + bounded + (initialized ? " [min-scale]" : " [initial-scale]"));
    }
    int wanted = Math.max(decision.wantedStable(), decision.wantedPanic());
    if (wanted > decision.most() && decision.desired() == decision.most()) {
      return Optional.of("scale-up rate [max-scale-up-rate]");
    }
    return decision.wantedStable() < decision.least() && decision.desired() == decision.least()
        ? Optional.of("scale-down rate [max-scale-down-rate]")
        : Optional.empty();
  }

  private KpaDecision lastDecision() {
    KpaDecision decision = last;
    if (decision == null) {
      throw new IllegalStateException("asked before the first decision");
    }
    return decision;
  }

  @Override
  public boolean atRest(Observation seen) {
    int floor = Math.max(rules.bounds().min(), rules.zero().enabled() ? 0 : 1);
    return last != null
        && last.wantedStable() == 0
        && last.wantedPanic() == 0
        && seen.desired() == floor
        && initialized
        && stable.average(seen.second()) == 0
        && !last.panicking();
  }

  boolean panicking() {
    return last != null && last.panicking();
  }

  @Override
  public List<SignalReading> readings() {
    KpaDecision decision = last;
    if (decision == null) {
      return List.of();
    }
    return List.of(
        reading(stableLoad, stable, decision.wantedStable()),
        reading(panicLoad, panic, decision.wantedPanic()));
  }

  private SignalReading reading(double load, SecondBuckets over, int wanted) {
    return new SignalReading(
        rules.metric() == Metric.RPS ? "rps" : "concurrency",
        load,
        rules.policy().target(),
        rules.metric() == Metric.RPS ? "calls a second" : "calls in flight",
        over.windowSeconds() + "s",
        wanted);
  }

  @Override
  public Optional<String> oneMore(int desired) {
    int max = rules.bounds().max() == 0 ? maxReplicas : Math.min(rules.bounds().max(), maxReplicas);
    if (desired >= max) {
      return Optional.of("none: it has its maximum, " + max);
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s above %.2f, which is %d x %.2f, on average over %ds; now %.2f",
            metric(),
            desired * rules.policy().target(),
            desired,
            rules.policy().target(),
            stable.windowSeconds(),
            stableLoad));
  }
}
