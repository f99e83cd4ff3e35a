package dev.barista.http;

import dev.barista.concurrency.Deadline;
import dev.barista.concurrency.NanoClock;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** A gateway that passes every request on to one replica, and tells how its attempts ended. */
final class ProxyServer implements AutoCloseable {

  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final EventLoops loops = EventLoops.start(2, "test-proxy");
  private final BlockingQueue<ProxyOutcome> outcomes = new LinkedBlockingQueue<>();
  private final IdleBudget idle = new IdleBudget(1000);
  private final Upstream upstream;
  private final TestServer server;

  ProxyServer(SocketAddress replica) throws IOException {
    this(replica, UnaryOperator.identity(), LONGEST_CALL);
  }

  ProxyServer(SocketAddress replica, UnaryOperator<HttpServerConfig> settings, Duration longestCall)
      throws IOException {
    upstream = Upstream.to(loops, replica, UpstreamConfig.DEFAULT, idle);
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY, "/*", Access.PUBLIC, exchange -> proxy(exchange, longestCall))
            .build();
    server = new TestServer(loops, routes, settings);
  }

  private void proxy(StreamExchange exchange, Duration longestCall) {
    exchange.expireAt(Deadline.after(longestCall, NanoClock.SYSTEM), exchange::cancelProxy);
    String query = exchange.head().rawQuery();
    String target = exchange.head().rawPath() + (query.isEmpty() ? "" : "?" + query);
    exchange.proxy(upstream, target, new OutcomeListener(exchange, outcomes));
  }

  RawClient client() throws IOException {
    return server.client();
  }

  TestServer server() {
    return server;
  }

  ProxyOutcome awaitOutcome() throws InterruptedException {
    return Awaited.next(outcomes, "no outcome");
  }

  /** How many attempts have ended that nobody asked about. */
  int outcomes() {
    return outcomes.size();
  }

  /**
   * What the event loops were about is done then: a closed connection is seen by its other end
   * before its own loop has heard of it, which takes that loop one more task.
   */
  void settle() throws InterruptedException {
    for (int round = 0; round < 2; round++) {
      for (LoopContext loop : loops.contexts()) {
        loop.loop().submit(() -> {}).sync();
      }
    }
  }

  IdleBudget idle() {
    return idle;
  }

  @Override
  public void close() {
    upstream.close();
    server.server().close();
    loops.close();
  }
}
