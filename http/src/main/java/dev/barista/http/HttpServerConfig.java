package dev.barista.http;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/**
 * Where a listener listens and what it takes.
 *
 * @param address host:port (port 0 = a free one) or a Unix-domain socket's path
 * @param maxTargetBytes longest request line; longer → 414
 * @param maxHeaderBytes longest header block; longer → 431
 * @param maxHeaderCount most header lines; more → 431
 * @param maxBodyBytes longest body; longer → 413
 * @param readTimeout longest silence of a client that owes a request's head or a part of its body,
 *     and longest time for the whole head; later → 408
 * @param idleTimeout longest time a connection without a request is kept
 * @param writeTimeout longest time a client may take nothing of an answer that waits for it; then
 *     the connection is closed
 * @param maxConnections open connections; more wait in the kernel's line
 */
public record HttpServerConfig(
    SocketAddress address,
    int maxTargetBytes,
    int maxHeaderBytes,
    int maxHeaderCount,
    long maxBodyBytes,
    Duration readTimeout,
    Duration idleTimeout,
    Duration writeTimeout,
    int maxConnections) {

  public HttpServerConfig {
    requireNonNull(address, "address");
    if (!(address instanceof InetSocketAddress || address instanceof UnixDomainSocketAddress)) {
      throw new IllegalArgumentException(
          "address: " + address + " (expected: host:port or a Unix-domain socket)");
    }
    requireAtLeast("maxTargetBytes", maxTargetBytes, 64);
    requireAtLeast("maxHeaderBytes", maxHeaderBytes, 256);
    requireAtLeast("maxHeaderCount", maxHeaderCount, 1);
    requireAtLeast("maxBodyBytes", maxBodyBytes, 0);
    requireAtLeast("maxConnections", maxConnections, 1);
    requirePositive("readTimeout", readTimeout);
    requirePositive("idleTimeout", idleTimeout);
    requirePositive("writeTimeout", writeTimeout);
  }

  /** Limits that suit a public listener. */
  public static HttpServerConfig at(SocketAddress address) {
    return new HttpServerConfig(
        address,
        /* maxTargetBytes= */ 16 << 10,
        /* maxHeaderBytes= */ 64 << 10,
        /* maxHeaderCount= */ 200,
        /* maxBodyBytes= */ 1L << 30,
        Duration.ofSeconds(60),
        Duration.ofSeconds(75),
        Duration.ofSeconds(60),
        /* maxConnections= */ 10_000);
  }

  public HttpServerConfig withMaxTargetBytes(int bytes) {
    return new HttpServerConfig(
        address,
        bytes,
        maxHeaderBytes,
        maxHeaderCount,
        maxBodyBytes,
        readTimeout,
        idleTimeout,
        writeTimeout,
        maxConnections);
  }

  public HttpServerConfig withMaxHeaders(int bytes, int count) {
    return new HttpServerConfig(
        address,
        maxTargetBytes,
        bytes,
        count,
        maxBodyBytes,
        readTimeout,
        idleTimeout,
        writeTimeout,
        maxConnections);
  }

  public HttpServerConfig withMaxBodyBytes(long bytes) {
    return new HttpServerConfig(
        address,
        maxTargetBytes,
        maxHeaderBytes,
        maxHeaderCount,
        bytes,
        readTimeout,
        idleTimeout,
        writeTimeout,
        maxConnections);
  }

  public HttpServerConfig withTimeouts(Duration read, Duration idle, Duration write) {
    return new HttpServerConfig(
        address,
        maxTargetBytes,
        maxHeaderBytes,
        maxHeaderCount,
        maxBodyBytes,
        read,
        idle,
        write,
        maxConnections);
  }

  public HttpServerConfig withMaxConnections(int connections) {
    return new HttpServerConfig(
        address,
        maxTargetBytes,
        maxHeaderBytes,
        maxHeaderCount,
        maxBodyBytes,
        readTimeout,
        idleTimeout,
        writeTimeout,
        connections);
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
