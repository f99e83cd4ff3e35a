package dev.barista.http;

import dev.barista.concurrency.Deadline;
import dev.barista.concurrency.NanoClock;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;

/** A client, the proxy, and replicas that answer by a script. */
abstract class ProxyFixture {

  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  final BlockingQueue<ProxyOutcome> outcomes = new LinkedBlockingQueue<>();
  final List<AutoCloseable> open = new ArrayList<>();
  final EventLoops loops = EventLoops.start(1, "test-proxy");

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    loops.close();
  }

  FakeReplica replica(FakeReplica.Script script) throws IOException {
    FakeReplica replica = new FakeReplica(script);
    open.add(replica);
    return replica;
  }

  RawClient client(SocketAddress replica) throws IOException {
    return client(replica, UpstreamConfig.DEFAULT);
  }

  /** A client of a gateway that passes everything on. */
  RawClient client(SocketAddress replica, UpstreamConfig config) throws IOException {
    return client(Upstream.to(loops, replica, config));
  }

  RawClient client(Upstream upstream) throws IOException {
    open.add(upstream);
    return clientOf(exchange -> proxy(exchange, upstream));
  }

  /** A client of a gateway that does this with every request. */
  RawClient clientOf(StreamHandler handler) throws IOException {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(Methods.ANY, "/f*", Access.PUBLIC, handler).build();
    TestServer server =
        new TestServer(loops, routes, settings -> settings.withMaxBodyBytes(64 << 20));
    open.add(() -> server.server().close());
    RawClient client = server.client();
    open.add(client);
    return client;
  }

  void proxy(StreamExchange exchange, Upstream upstream) {
    exchange.expireAt(deadline(Duration.ofSeconds(15)), exchange::cancelProxy);
    exchange.proxy(upstream, "/" + exchange.remainder(), new OutcomeListener(exchange, outcomes));
  }

  static Deadline deadline(Duration timeout) {
    return Deadline.after(timeout, NanoClock.SYSTEM);
  }

  ProxyOutcome awaitOutcome() throws InterruptedException {
    return Awaited.next(outcomes, "no outcome");
  }

  static String get() {
    return "GET /f HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  static String post(String body) {
    return "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }
}
