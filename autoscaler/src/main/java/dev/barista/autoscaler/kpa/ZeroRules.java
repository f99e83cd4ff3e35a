package dev.barista.autoscaler.kpa;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The way to zero: an active function first becomes inactive, which is when the activator takes its
 * calls over, and only then gives up its last replica. So no call is lost: whoever comes in between
 * is held by the activator while a replica still answers.
 */
public final class ZeroRules {

  /** After it became inactive with the activator in the way already. */
  private static final Duration SHORT_RECHECK = Duration.ofSeconds(3);

  private static final Duration PROBE_RECHECK = Duration.ofSeconds(1);

  private ZeroRules() {}

  /**
   * One decision for a function whose bounded count is 0.
   *
   * @param activatorConfirmed whether the activator is known to get the calls
   */
  public static ZeroDecision decide(
      Activity activity, boolean activatorConfirmed, ZeroPolicy policy, Instant now) {
    if (!policy.enabled()) {
      return new ZeroDecision.Set(1, false);
    }
    Duration lasted = activity.lasted(now);
    return switch (activity.state()) {
      case ACTIVATING -> activating(lasted, policy);
      case ACTIVE -> active(activity, lasted, policy);
      case INACTIVE ->
          activatorConfirmed
              ? inactive(activity, lasted, policy, now)
              : waits(true, Optional.of(PROBE_RECHECK));
    };
  }

  private static ZeroDecision activating(Duration lasted, ZeroPolicy policy) {
    return lasted.compareTo(policy.activationTimeout()) > 0
        ? new ZeroDecision.Set(0, true)
        : waits(false, Optional.of(policy.activationTimeout()));
  }

  private static ZeroDecision active(Activity activity, Duration lasted, ZeroPolicy policy) {
    if (lasted.compareTo(policy.window()) < 0) {
      return new ZeroDecision.Set(1, false);
    }
    return waits(true, activity.proxySince().map(_ -> SHORT_RECHECK));
  }

  private static ZeroDecision inactive(
      Activity activity, Duration lasted, ZeroPolicy policy, Instant now) {
    Duration longest =
        policy.grace().compareTo(policy.retention()) > 0 ? policy.grace() : policy.retention();
    if (lasted.compareTo(longest) >= 0) {
      return new ZeroDecision.Set(0, false);
    }
    if (lasted.compareTo(policy.retention()) < 0) {
      return waits(true, Optional.of(policy.retention().minus(lasted)));
    }
    Duration proxied =
        activity.proxySince().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    return proxied.compareTo(policy.grace()) >= 0
        ? new ZeroDecision.Set(0, false)
        : waits(true, Optional.of(policy.grace().minus(proxied)));
  }

  private static ZeroDecision waits(boolean wantsZero, Optional<Duration> recheck) {
    return new ZeroDecision.Wait(wantsZero, recheck);
  }
}
