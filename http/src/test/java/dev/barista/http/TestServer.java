package dev.barista.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** A listener on a free port, with its own loops, which remembers how its exchanges ended. */
final class TestServer implements AutoCloseable {

  private final EventLoops loops;
  private final boolean ownLoops;
  private final HttpServer server;
  private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

  TestServer(Routes routes) throws IOException {
    this(routes, UnaryOperator.identity());
  }

  TestServer(Routes routes, UnaryOperator<HttpServerConfig> settings) throws IOException {
    this(EventLoops.start(2, "test-server"), /* ownLoops= */ true, routes, settings);
  }

  /** On loops of the test. */
  TestServer(EventLoops loops, Routes routes, UnaryOperator<HttpServerConfig> settings)
      throws IOException {
    this(loops, /* ownLoops= */ false, routes, settings);
  }

  private TestServer(
      EventLoops loops, boolean ownLoops, Routes routes, UnaryOperator<HttpServerConfig> settings)
      throws IOException {
    this.loops = loops;
    this.ownLoops = ownLoops;
    HttpServerConfig config =
        HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.server =
        HttpServer.start(
            settings.apply(config),
            loops,
            routes,
            ErrorMapper.PLAIN,
            (family, method, status, nanos) -> ended.add(method + " " + family + " " + status));
  }

  int port() {
    return server.port();
  }

  HttpServer server() {
    return server;
  }

  EventLoops loops() {
    return loops;
  }

  RawClient client() throws IOException {
    return new RawClient(port());
  }

  /** The next exchange that ended: method, family, status. */
  String awaitEnded() throws InterruptedException {
    return Awaited.next(ended, "no exchange ended");
  }

  @Override
  public void close() {
    server.close();
    if (ownLoops) {
      loops.close();
    }
  }
}
