package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What the gateway has to keep for calls to a function, most of it because no watchdog stands
 * between. A provider whose replicas carry a watchdog tells {@code maxInflight} only: the watchdog
 * refuses more calls, so the gateway lets them wait.
 *
 * @param execTimeout longest time from forwarding a call to the end of its answer; zero = none. The
 *     client gets 504
 * @param maxInflight calls that one replica takes at the same time; 0 = no limit. The client gets
 *     429 when every replica is at it
 * @param durationHeader whether the gateway sets {@code X-Duration-Seconds} on the answer
 * @param measureBody whether a request without a length is read whole before it is forwarded, for
 *     servers that need one
 */
public record InvocationPolicy(
    Duration execTimeout, int maxInflight, boolean durationHeader, boolean measureBody) {

  public static final InvocationPolicy NONE =
      new InvocationPolicy(Duration.ZERO, 0, /* durationHeader= */ false);

  /** Without measuring bodies. */
  public InvocationPolicy(Duration execTimeout, int maxInflight, boolean durationHeader) {
    this(execTimeout, maxInflight, durationHeader, /* measureBody= */ false);
  }

  /** Whether no watchdog stands between. */
  public boolean replacesWatchdog() {
    return durationHeader || measureBody || !execTimeout.isZero();
  }

  public InvocationPolicy {
    requireNonNull(execTimeout, "execTimeout");
    if (execTimeout.isNegative()) {
      throw new IllegalArgumentException("execTimeout: " + execTimeout + " (expected: >= 0)");
    }
    if (maxInflight < 0) {
      throw new IllegalArgumentException("maxInflight: " + maxInflight + " (expected: >= 0)");
    }
  }
}
