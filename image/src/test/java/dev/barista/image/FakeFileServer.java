package dev.barista.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Files by their path, on a free port, so that tests of package managers need no network. */
abstract class FakeFileServer implements AutoCloseable {

  private final HttpServer server;
  private final String counted;
  final AtomicInteger requests = new AtomicInteger();

  /**
   * @param counted beginning of the paths whose requests are counted
   */
  FakeFileServer(String counted) throws IOException {
    this.counted = counted;
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 0);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith(counted)) {
        requests.incrementAndGet();
      }
      Optional<byte[]> file = file(path);
      if (file.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.sendResponseHeaders(200, file.get().length);
      exchange.getResponseBody().write(file.get());
    }
  }

  /** Empty for one that it doesn't have. */
  abstract Optional<byte[]> file(String path) throws IOException;

  /** Without a slash at the end. */
  final String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public final void close() {
    server.stop(0);
  }
}
