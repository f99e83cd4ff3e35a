package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.concurrency.Deadline;
import dev.barista.concurrency.NanoClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final BlockingQueue<ProxyOutcome> outcomes = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final EventLoops loops = EventLoops.start(1, "test-proxy");

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    loops.close();
  }

  private FakeReplica replica(FakeReplica.Script script) throws IOException {
    FakeReplica replica = new FakeReplica(script);
    open.add(replica);
    return replica;
  }

  private RawClient client(SocketAddress replica) throws IOException {
    return client(replica, UpstreamConfig.DEFAULT);
  }

  /** A client of a gateway that passes everything on. */
  private RawClient client(SocketAddress replica, UpstreamConfig config) throws IOException {
    return client(Upstream.to(loops, replica, config));
  }

  private RawClient client(Upstream upstream) throws IOException {
    open.add(upstream);
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY, "/f*", Access.PUBLIC, exchange -> proxy(exchange, upstream))
            .build();
    TestServer server =
        new TestServer(loops, routes, settings -> settings.withMaxBodyBytes(64 << 20));
    open.add(() -> server.server().close());
    RawClient client = server.client();
    open.add(client);
    return client;
  }

  private void proxy(StreamExchange exchange, Upstream upstream) {
    exchange.expireAt(deadline(Duration.ofSeconds(15)), exchange::cancelProxy);
    exchange.proxy(
        upstream,
        "/" + exchange.remainder(),
        new ProxyListener() {
          @Override
          public void answering(int status, HeaderEditor headers) {
            headers.set("X-Gateway", "seen");
          }

          @Override
          public void ended(ProxyOutcome outcome) {
            outcomes.add(outcome);
            switch (outcome) {
              case ProxyOutcome.NotSent _ -> exchange.respond(Answer.text(503, "not sent"));
              case ProxyOutcome.Broken(Throwable _, boolean started) -> {
                if (!started) {
                  exchange.respond(Answer.text(502, "broken"));
                }
              }
              case ProxyOutcome.Cancelled _ -> exchange.respond(Answer.text(504, "late"));
              case ProxyOutcome.Answered _, ProxyOutcome.Aborted _ -> {}
            }
          }
        });
  }

  private static Deadline deadline(Duration timeout) {
    return Deadline.after(timeout, NanoClock.SYSTEM);
  }

  private ProxyOutcome awaitOutcome() throws InterruptedException {
    ProxyOutcome outcome = outcomes.poll(20, SECONDS);
    if (outcome == null) {
      throw new AssertionError("no outcome");
    }
    return outcome;
  }

  private static String get() {
    return "GET /f HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String post(String body) {
    return "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

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
  void hopByHopHeaders_stayOnTheirSide() throws Exception {
    FakeReplica replica =
        FakeReplica.answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                + "Keep-Alive: timeout=5\r\nX-End: 1\r\n\r\nok");
    open.add(replica);
    RawClient client = client(replica.address());

    client.send(
        "GET /f HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Connection: X-Secret, close, Content-Length\r\n"
            + "X-Secret: 1\r\n"
            + "Upgrade: h2c\r\n"
            + "TE: trailers\r\n"
            + "Proxy-Authorization: p\r\n"
            + "Authorization: a\r\n\r\n");

    assertThat(client.readAnswer())
        .doesNotContain("X-Hop", "Keep-Alive")
        .contains("X-End: 1", "connection: close");
    assertThat(replica.awaitHead())
        .doesNotContain("X-Secret", "Upgrade", "TE:", "Proxy-Authorization", "Connection")
        .contains("Authorization: a");
  }

  @Test
  void headerNamedInConnection_doesNotTakeAwayTheGatewaysOwn() throws Exception {
    FakeReplica replica = FakeReplica.answering(OK);
    open.add(replica);
    Upstream upstream = Upstream.to(loops, replica.address(), UpstreamConfig.DEFAULT);
    open.add(upstream);
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY,
                "/f*",
                Access.PUBLIC,
                exchange -> {
                  exchange.forwardHeaders().set("X-Call-Id", "gateway");
                  proxy(exchange, upstream);
                })
            .build();
    TestServer server = new TestServer(loops, routes, settings -> settings);
    open.add(() -> server.server().close());
    RawClient client = server.client();
    open.add(client);

    client
        .send("GET /f HTTP/1.1\r\nHost: x\r\nConnection: X-Call-Id\r\nX-Call-Id: c\r\n\r\n")
        .readAnswer();

    assertThat(replica.awaitHead()).contains("X-Call-Id: gateway").doesNotContain("X-Call-Id: c");
  }

  @Test
  void targetAndHeaders_arriveByteByByte() throws Exception {
    FakeReplica replica = FakeReplica.answering(OK);
    open.add(replica);
    RawClient client = client(replica.address());

    client
        .send("GET /f/%2F;a=\u00e9%zz HTTP/1.1\r\nHost: x\r\nX-Latin: \u00e9\r\n\r\n")
        .readAnswer();

    assertThat(replica.awaitHead())
        .startsWith("GET //%2F;a=\u00e9%zz HTTP/1.1\r\n")
        .contains("X-Latin: \u00e9\r\n");
  }

  @Test
  void largeBodies_streamBothWays() throws Exception {
    byte[] body = new byte[20 << 20];
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
              for (int left = body.length; left > 0; left -= 1 << 20) {
                connection.send(connection.read(1 << 20));
              }
            });
    RawClient client = client(replica.address());
    Thread sender =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    client.send(
                        "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n");
                    client.send(body);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });

    client.readHead();
    assertThat(client.readBytes(body.length)).hasSize(body.length);
    sender.join();
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
  }

  @Test
  void chunkedWithTrailers_passesBothWays() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              String body = connection.readUntil("0\r\n\r\n");
              connection.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + body.replace("0\r\n\r\n", "0\r\nX-Sum: 7\r\n\r\n"));
              connection.readByte();
            });
    RawClient client = client(replica.address());

    client.send(
        "POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");

    client.readHead();
    assertThat(client.readUntil("X-Sum: 7\r\n\r\n")).isEqualTo("3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n");
  }

  @Test
  void eventStream_isFlushedEventByEvent() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
              try {
                while (true) {
                  connection.send(events.take());
                }
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            });
    RawClient client = client(replica.address());
    client.send(get());
    client.readHead();

    events.add("data: 1\n\n");
    assertThat(client.readUntil("data: 1\n\n")).isNotEmpty();
    events.add("data: 2\n\n");
    assertThat(client.readUntil("data: 2\n\n")).isNotEmpty();
  }

  @Test
  void headAndNoContent_haveNoBody() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              connection.readHead();
              connection.send("HTTP/1.1 204 No Content\r\n\r\n");
              connection.readHead();
              connection.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");
              connection.readHead();
              connection.send(OK);
            });
    RawClient client = client(replica.address());

    assertThat(client.send("HEAD /f HTTP/1.1\r\nHost: x\r\n\r\n").readHead())
        .contains("Content-Length: 1000");
    assertThat(client.send(get()).readHead()).startsWith("HTTP/1.1 204").doesNotContain("ength");
    assertThat(client.send(get()).readHead()).startsWith("HTTP/1.1 304");
    assertThat(client.send(get()).readAnswer()).endsWith("ok");
  }

  @Test
  void earlyHints_arePassedOnAndContinueIsNot() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 100 Continue\r\n\r\n");
              connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
              connection.send(OK);
              connection.readByte();
            });
    RawClient client = client(replica.address());

    assertThat(client.send(get()).readHead()).startsWith("HTTP/1.1 103").contains("Link: </a>");
    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("ok");
  }

  private static final String EXPECTING =
      "POST /f HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";

  @Test
  void expectation_isTheReplicasToMeet() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              await(asked);
              connection.send("HTTP/1.1 100 Continue\r\n\r\n");
              String body = new String(connection.read(3), ISO_8859_1);
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body);
              connection.readByte();
            });
    RawClient client = client(replica.address());

    client.send(EXPECTING);
    assertThat(replica.awaitHead()).contains("expect: 100-continue\r\n");
    asked.countDown();
    assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
    client.send("abc");

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("abc");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
  }

  @Test
  void expectationThatTheReplicaRefuses_isAnsweredWithoutTheBody() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
              connection.readByte();
            });
    RawClient client = client(replica.address());

    assertThat(client.send(EXPECTING).readAll()).startsWith("HTTP/1.1 401 ").endsWith("no");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(401));
    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }

  @Test
  void expectationThatTheReplicaDoesNotKnow_isMetHere() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              String body = connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body);
              connection.readByte();
            });
    RawClient client = client(replica.address());

    client.send(EXPECTING);
    assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");

    assertThat(client.send("abc").readAnswer()).endsWith("abc");
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void unusedConnections_areBoundedForAllReplicasTogether() throws Exception {
    FakeReplica first = FakeReplica.answering(OK);
    FakeReplica second = FakeReplica.answering(OK);
    open.add(first);
    open.add(second);
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
  void answerUntilClose_isChunkedForTheClient() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.0 200 OK\r\n\r\nall of it");
            });
    RawClient client = client(replica.address());

    assertThat(client.send(get()).readHead()).contains("transfer-encoding: chunked");
    assertThat(client.readUntil("0\r\n\r\n")).contains("all of it");
  }

  @Test
  void idleConnectionClosedByTheReplica_isReplacedForAnyRepeatableCall() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              connection.send(OK);
              // The next request meets a connection that is just being closed.
              connection.readRequest();
              connection.reset();
            });
    RawClient client = client(replica.address());
    client.send(get()).readAnswer();

    assertThat(client.send(get()).readAnswer()).endsWith("ok");

    assertThat(outcomes)
        .containsExactly(new ProxyOutcome.Answered(200), new ProxyOutcome.Answered(200));
  }

  @Test
  void postThatMayHaveBeenSeen_isNotRepeated() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              connection.send(OK);
              connection.readRequest();
              connection.reset();
            });
    RawClient client = client(replica.address());
    client.send(post("1")).readAnswer();
    awaitOutcome();

    assertThat(client.send(post("2")).readAnswer()).startsWith("HTTP/1.1 502");

    assertThat(awaitOutcome()).isInstanceOf(ProxyOutcome.Broken.class);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void refusedConnection_isNotSent() throws Exception {
    FakeReplica replica = replica(connection -> {});
    replica.close();
    RawClient client = client(replica.address());

    assertThat(client.send(post("x")).readAnswer()).endsWith("not sent");
    assertThat(awaitOutcome()).isInstanceOf(ProxyOutcome.NotSent.class);
  }

  @Test
  void replicaThatDiesBeforeItsAnswer_isBroken() throws Exception {
    FakeReplica replica = replica(FakeReplica.Connection::readRequest);
    RawClient client = client(replica.address());

    assertThat(client.send(post("x")).readAnswer()).startsWith("HTTP/1.1 502");
    assertThat(awaitOutcome())
        .isInstanceOfSatisfying(
            ProxyOutcome.Broken.class, broken -> assertThat(broken.answerStarted()).isFalse());
  }

  @Test
  void replicaThatDiesInItsAnswer_cutsTheClientOff() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
            });
    RawClient client = client(replica.address());

    assertThat(client.send(get()).readAll()).endsWith("only this");
    assertThat(awaitOutcome())
        .isInstanceOfSatisfying(
            ProxyOutcome.Broken.class, broken -> assertThat(broken.answerStarted()).isTrue());
  }

  @Test
  void clientThatLeaves_cancelsTheReplicasWork() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              working.countDown();
              connection.readByte();
            });
    RawClient client = client(replica.address());
    client.send(get());
    working.await();

    client.close();

    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Aborted(0));
  }

  @Test
  void clientThatResetsWhileSending_cancelsTheReplicasWork() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              working.countDown();
              connection.read(1000);
            });
    RawClient client = client(replica.address());
    client.send("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome");
    working.await();

    client.reset();

    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Aborted(0));
  }

  @Test
  void answerBeforeTheEndOfTheBody_reachesTheClient() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
              connection.readUntil("never");
            });
    RawClient client = client(replica.address());

    client.send("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\nbegin");

    assertThat(client.readAll()).startsWith("HTTP/1.1 403").endsWith("no");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(403));
    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }

  /** Closing with unread data resets the connection, and the gateway's next write fails. */
  @Test
  void answerOfAReplicaThatClosesAtOnce_reachesTheClientThatSendsOn() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send(
                  "HTTP/1.1 403 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            });
    for (int i = 0; i < 10; i++) {
      RawClient client = client(replica.address());
      client.send("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n");
      client.send(new byte[4 << 20]);

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 403 ").endsWith("no");
      assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(403));
    }
  }

  @Test
  void chunkedBodyOverTheLimit_is413AndCancelsTheReplicasWork() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              while (true) {
                connection.read(1 << 20);
              }
            });
    RawClient client = client(replica.address());
    client.send("POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    byte[] chunk = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").getBytes(ISO_8859_1);
    for (int i = 0; i < 65; i++) {
      client.send(chunk);
    }

    assertThat(client.readHead()).startsWith("HTTP/1.1 413");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Aborted(413));
    assertThat(replica.awaitEnd()).isNotEqualTo("returned");
  }

  @Test
  void hostileAnswers_areBroken() throws Exception {
    List<String> answers =
        List.of(
            "garbage\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(300_000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(501) + "\r\n");
    for (String answer : answers) {
      FakeReplica replica = FakeReplica.answering(answer);
      open.add(replica);
      RawClient client = client(replica.address());

      assertThat(client.send(post("x")).readAnswer()).startsWith("HTTP/1.1 502");
      assertThat(awaitOutcome()).isInstanceOf(ProxyOutcome.Broken.class);
    }
  }

  @Test
  void expiredCall_isCancelledOnce() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              connection.readByte();
            });
    Upstream upstream = Upstream.to(loops, replica.address(), UpstreamConfig.DEFAULT);
    open.add(upstream);
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY,
                "/f*",
                Access.PUBLIC,
                exchange -> {
                  proxy(exchange, upstream);
                  exchange.expireAt(deadline(Duration.ofNanos(1)), exchange::cancelProxy);
                })
            .build();
    try (TestServer server = new TestServer(loops, routes, settings -> settings);
        RawClient client = server.client()) {

      assertThat(client.send(get()).readAnswer()).startsWith("HTTP/1.1 504");
      assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Cancelled(false));
      assertThat(replica.awaitEnd()).isEqualTo("closed by client");
    }
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
    FakeReplica replica = FakeReplica.answering(OK);
    open.add(replica);
    UpstreamConfig config =
        new UpstreamConfig(Duration.ofSeconds(5), Duration.ofMillis(1), 10, 8192, 100);
    RawClient client = client(replica.address(), config);

    client.send(get()).readAnswer();

    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }
}
