package dev.barista.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connections that the proxy keeps to a replica, and how it makes them. */
class ProxyConnectionTest extends ProxyFixture {

  @Test
  void call_keepsItsConnectionForTheNext() throws Exception {
    CountDownLatch connections = new CountDownLatch(2);
    FakeReplica replica =
        replica(
            connection -> {
              connections.countDown();
              while (true) {
                connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + connection.readRequest());
              }
            });
    RawClient client = client(replica.address());

    assertThat(client.send(post("ping")).readAnswer()).contains("X-Gateway: seen").endsWith("ping");
    assertThat(client.send(post("pong")).readAnswer()).endsWith("pong");

    assertThat(connections.getCount()).isEqualTo(1);
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
  }

  @Test
  void unusedConnections_areBoundedForAllReplicasTogether() throws Exception {
    FakeReplica first = replica(FakeReplica.answers(OK));
    FakeReplica second = replica(FakeReplica.answers(OK));
    IdleBudget budget = new IdleBudget(1);
    RawClient one = client(Upstream.to(loops, first.address(), UpstreamConfig.DEFAULT, budget));
    RawClient two = client(Upstream.to(loops, second.address(), UpstreamConfig.DEFAULT, budget));

    one.send(get()).readAnswer();
    two.send(get()).readAnswer();

    assertThat(second.awaitEnd()).isEqualTo("closed by client");
    assertThat(budget.kept()).isEqualTo(1);
    one.send(get()).readAnswer();
    assertThat(first.awaitHead()).isNotEmpty();
    assertThat(first.awaitHead()).isNotEmpty();
    first.close();
  }

  @Test
  void idleConnectionClosedByTheReplica_isReplacedForAnyRepeatableCall() throws Exception {
    FakeReplica replica = replica(FakeReplica.answersOnceThenResets(OK));
    RawClient client = client(replica.address());
    client.send(get()).readAnswer();

    assertThat(client.send(get()).readAnswer()).endsWith("ok");

    assertThat(outcomes)
        .containsExactly(new ProxyOutcome.Answered(200), new ProxyOutcome.Answered(200));
  }

  @Test
  void fullLineOfAUnixSocket_isBusy(@TempDir Path folder) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address, /* backlog= */ 1);
      List<SocketChannel> waiting = new ArrayList<>();
      boolean full = false;
      while (!full) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        waiting.add(channel);
        channel.configureBlocking(false);
        try {
          full = !channel.connect(address);
        } catch (IOException e) {
          full = true;
        }
      }
      RawClient client = client(address);

      assertThat(client.send(post("x")).readAnswer()).endsWith("not sent");
      assertThat(awaitOutcome())
          .isInstanceOfSatisfying(
              ProxyOutcome.NotSent.class, outcome -> assertThat(outcome.busy()).isTrue());
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void unixSocket_isReachedByEachTransport(Transport transport, @TempDir Path folder)
      throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    EventLoops own = EventLoops.start(1, "test-unix-proxy", transport);
    Routes replica =
        Routes.builder(Gatekeeper.OPEN)
            .route(
                Methods.ANY,
                "/*",
                Access.PUBLIC,
                exchange -> exchange.respond(200, Headers.EMPTY, exchange.body(100)))
            .build();
    Upstream upstream = Upstream.to(own, address, UpstreamConfig.DEFAULT);
    Routes gateway =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY, "/f*", Access.PUBLIC, exchange -> proxy(exchange, upstream))
            .build();
    try (own;
        HttpServer _ =
            HttpServer.start(
                HttpServerConfig.at(address),
                own,
                replica,
                ErrorMapper.PLAIN,
                RequestObserver.NONE);
        upstream;
        TestServer server = new TestServer(own, gateway, settings -> settings);
        RawClient client = server.client()) {
      assertThat(client.send(post("one")).readAnswer()).endsWith("one");
      assertThat(client.send(post("two")).readAnswer()).endsWith("two");
    }
  }

  @Test
  void idleConnection_isClosedAfterItsTime() throws Exception {
    FakeReplica replica = replica(FakeReplica.answers(OK));
    UpstreamConfig config =
        new UpstreamConfig(Duration.ofSeconds(5), Duration.ofMillis(1), 10, 8192, 100);
    RawClient client = client(replica.address(), config);

    client.send(get()).readAnswer();

    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }
}
