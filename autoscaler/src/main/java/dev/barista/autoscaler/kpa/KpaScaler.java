package dev.barista.autoscaler.kpa;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Knative's autoscaler for one function: how many replicas its load wants.
 *
 * <h2>The rule</h2>
 *
 * Two averages of the load are looked at. The <i>stable</i> one, over a minute, decides in quiet
 * times. When the <i>panic</i> one, over its last tenth, wants at least twice the ready replicas,
 * the function panics: for a whole stable window it only grows, to the most that either average
 * wants. One step is bounded by two rates, both relative to the ready replicas (at least 1).
 *
 * <p>Example: target 70 a replica, 3 replicas ready, both averages 350: 350 / 70 = 5 replicas are
 * wanted; 5 / 3 is below 2, so no panic, and 5 it is.
 *
 * <p>All arithmetic is in doubles as Knative's, including its rounding: a limit of 3 calls at 70 %
 * is a target of 2.0999999999999996, so that a load of 2.1 wants two replicas.
 *
 * <p>Keeps the memory of the panic and of the scale-down delay. Time is an argument. Not
 * thread-safe.
 *
 * @see <a href="https://knative.dev/docs/serving/autoscaling/kpa-specific/">KPA-specific
 *     settings</a>
 */
public final class KpaScaler {

  private final @Nullable DelayWindow delayWindow;

  // Mutable state
  private KpaPolicy policy;
  private @Nullable Instant panicSince;
  private int panicReplicas;

  /**
   * Starts in panic when several replicas are there already, so that a restart of the autoscaler
   * doesn't shrink a function before a window's worth of load was seen.
   */
  public KpaScaler(KpaPolicy policy, int ready, Instant now) {
    this.policy = policy;
    this.delayWindow =
        policy.scaleDownDelaySeconds() > 0 ? new DelayWindow(policy.scaleDownDelaySeconds()) : null;
    this.panicReplicas = ready;
    this.panicSince = ready > 1 ? now : null;
  }

  /** Takes effect at the next decision. A changed scale-down delay does not. */
  public void policy(KpaPolicy changed) {
    policy = changed;
  }

  /** One decision. */
  public KpaDecision decide(LoadSignals load, Instant now) {
    KpaPolicy at = policy;
    int ready = Math.max(1, load.ready());
    int most = (int) Math.ceil(at.maxScaleUpRate() * ready);
    int least = load.reachable() ? (int) Math.floor(ready / at.maxScaleDownRate()) : 0;
    int wantedStable = (int) Math.ceil(load.stable() / at.target());
    int wantedPanic = (int) Math.ceil(load.panic() / at.target());
    int stable = activated(wantedStable, Math.min(Math.max(wantedStable, least), most), at);
    int panic = activated(wantedPanic, Math.min(Math.max(wantedPanic, least), most), at);

    boolean panicking = panicking((double) wantedPanic / ready >= at.panicThreshold(), at, now);
    int desired = panicking ? grown(Math.max(stable, panic)) : stable;
    if (load.reachable() && delayWindow != null) {
      desired = delayWindow.highest(now.getEpochSecond(), desired);
    }
    return new KpaDecision(
        desired,
        excessBurst(load, at),
        wantedStable,
        wantedPanic,
        most,
        least,
        panicking,
        desired > (panicking ? Math.max(stable, panic) : stable));
  }

  private static int activated(int wanted, int bounded, KpaPolicy policy) {
    boolean first = policy.activationScale() > 1 && wanted > 0;
    return first ? Math.max(bounded, policy.activationScale()) : bounded;
  }

  private boolean panicking(boolean overThreshold, KpaPolicy at, Instant now) {
    if (overThreshold) {
      panicSince = now;
    } else if (panicSince != null
        && panicSince.plusSeconds(at.stableWindowSeconds()).isBefore(now)) {
      panicSince = null;
      panicReplicas = 0;
    }
    return panicSince != null;
  }

  private int grown(int wanted) {
    panicReplicas = Math.max(panicReplicas, wanted);
    return panicReplicas;
  }

  private static int excessBurst(LoadSignals load, KpaPolicy at) {
    if (at.burstCapacity() <= 0) {
      return (int) at.burstCapacity();
    }
    return (int) Math.floor(load.ready() * at.capacity() - at.burstCapacity() - load.panic());
  }

  /** What {@link KpaDecision#excessBurst} is taken for before the first decision. */
  public static int initialExcessBurst(KpaPolicy policy, int initialScale) {
    double burst = policy.burstCapacity();
    return (int) (burst <= 0 ? burst : initialScale * policy.capacity() - burst);
  }
}
