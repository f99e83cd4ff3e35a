package dev.barista.http;

import java.time.Duration;

/**
 * How replicas are reached and what is taken from them.
 *
 * @param connectTimeout longest time to connect
 * @param idleTimeout longest time an unused connection is kept. Below the keep-alive time of common
 *     servers (Node.js: 5 s), so that a call seldom meets a connection that is just being closed
 * @param maxIdle unused connections kept per replica
 * @param maxHeaderBytes longest header block of an answer; longer → the replica counts as broken
 * @param maxHeaderCount most header lines of an answer; more → the replica counts as broken
 */
public record UpstreamConfig(
    Duration connectTimeout,
    Duration idleTimeout,
    int maxIdle,
    int maxHeaderBytes,
    int maxHeaderCount) {

  public static final UpstreamConfig DEFAULT =
      new UpstreamConfig(
          Duration.ofSeconds(5),
          Duration.ofSeconds(4),
          /* maxIdle= */ 1024,
          /* maxHeaderBytes= */ 256 << 10,
          /* maxHeaderCount= */ 500);

  /** The same with another bound on unused connections. */
  public UpstreamConfig withMaxIdle(int connections) {
    return new UpstreamConfig(
        connectTimeout, idleTimeout, connections, maxHeaderBytes, maxHeaderCount);
  }

  public UpstreamConfig {
    if (!connectTimeout.isPositive() || !idleTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "timeouts: " + connectTimeout + ", " + idleTimeout + " (expected: > 0)");
    }
    if (maxIdle < 0 || maxHeaderBytes < 256 || maxHeaderCount < 1) {
      throw new IllegalArgumentException(
          "limits: %d, %d, %d (expected: >= 0, >= 256, >= 1)"
              .formatted(maxIdle, maxHeaderBytes, maxHeaderCount));
    }
  }
}
