package dev.barista.gateway.invoke;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds of an invocation.
 *
 * @param defaultNamespace of a function whose caller names none
 * @param upstreamTimeout from the arrival of a call to the end of its answer ({@code
 *     upstream_timeout})
 * @param startTimeout longest time that a call is held for a replica to become ready ({@code
 *     start-timeout})
 * @param maxHeldCalls calls of one function that are held at the same time ({@code max-held-calls})
 * @param version of the gateway, for {@code User-Agent} and {@code X-Served-By}
 */
public record InvokeConfig(
    String defaultNamespace,
    Duration upstreamTimeout,
    Duration startTimeout,
    int maxHeldCalls,
    String version) {

  public InvokeConfig {
    requireNonNull(defaultNamespace, "defaultNamespace");
    requireNonNull(version, "version");
    if (!upstreamTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "upstreamTimeout: " + upstreamTimeout + " (expected: > 0)");
    }
    if (!startTimeout.isPositive()) {
      throw new IllegalArgumentException("startTimeout: " + startTimeout + " (expected: > 0)");
    }
    if (maxHeldCalls < 0) {
      throw new IllegalArgumentException("maxHeldCalls: " + maxHeldCalls + " (expected: >= 0)");
    }
  }
}
