package dev.barista.gateway.invoke;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds of an invocation.
 *
 * @param defaultNamespace of a function whose caller names none
 * @param upstreamTimeout from the arrival of a call to the end of its answer ({@code
 *     upstream_timeout})
 * @param holdLimit longest time that a call is held for a replica to become ready
 * @param scaleFromZero whether a call without a ready replica is held until there is one; else it
 *     is answered at once ({@code scale-from-zero})
 * @param maxHeldCalls calls of one function that are held at the same time ({@code max-held-calls})
 * @param maxIdle unused connections to all replicas together ({@code max-idle-conns})
 * @param maxIdlePerReplica unused connections to one ({@code max-idle-conns-per-host})
 * @param version of the gateway, for {@code User-Agent} and {@code X-Served-By}
 */
public record InvokeConfig(
    String defaultNamespace,
    Duration upstreamTimeout,
    HoldLimit holdLimit,
    boolean scaleFromZero,
    int maxHeldCalls,
    int maxIdle,
    int maxIdlePerReplica,
    String version) {

  /** What suits most, for a version. */
  public static InvokeConfig standard(String defaultNamespace, String version) {
    return new InvokeConfig(
        defaultNamespace,
        Duration.ofSeconds(60),
        HoldLimit.ofStart(Duration.ofSeconds(60)),
        /* scaleFromZero= */ true,
        /* maxHeldCalls= */ 1000,
        /* maxIdle= */ 1024,
        /* maxIdlePerReplica= */ 1024,
        version);
  }

  public InvokeConfig withTimeouts(Duration upstream, Duration start) {
    return new InvokeConfig(
        defaultNamespace,
        upstream,
        HoldLimit.ofStart(start),
        scaleFromZero,
        maxHeldCalls,
        maxIdle,
        maxIdlePerReplica,
        version);
  }

  public InvokeConfig withScaleFromZero(boolean held) {
    return new InvokeConfig(
        defaultNamespace,
        upstreamTimeout,
        holdLimit,
        held,
        maxHeldCalls,
        maxIdle,
        maxIdlePerReplica,
        version);
  }

  public InvokeConfig withMaxHeldCalls(int calls) {
    return new InvokeConfig(
        defaultNamespace,
        upstreamTimeout,
        holdLimit,
        scaleFromZero,
        calls,
        maxIdle,
        maxIdlePerReplica,
        version);
  }

  /** With other bounds on unused connections. */
  public InvokeConfig withMaxIdle(int all, int perReplica) {
    return new InvokeConfig(
        defaultNamespace,
        upstreamTimeout,
        holdLimit,
        scaleFromZero,
        maxHeldCalls,
        all,
        perReplica,
        version);
  }

  public InvokeConfig {
    requireNonNull(defaultNamespace, "defaultNamespace");
    requireNonNull(holdLimit, "holdLimit");
    requireNonNull(version, "version");
    if (!upstreamTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "upstreamTimeout: " + upstreamTimeout + " (expected: > 0)");
    }
    if (maxIdle < 0 || maxIdlePerReplica < 0) {
      throw new IllegalArgumentException(
          "maxIdle: " + maxIdle + ", " + maxIdlePerReplica + " (expected: >= 0)");
    }
    if (maxHeldCalls < 0) {
      throw new IllegalArgumentException("maxHeldCalls: " + maxHeldCalls + " (expected: >= 0)");
    }
  }
}
