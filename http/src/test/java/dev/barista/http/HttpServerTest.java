package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {

  private static final String GET = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

  private static Routes routes(ExchangeHandler handler) {
    return Routes.builder(Gatekeeper.OPEN).route(Methods.ANY, "/x", Access.PUBLIC, handler).build();
  }

  private static void answer(Exchange exchange) throws IOException {
    exchange.respond(Answer.text(200, "x"));
  }

  @Test
  void drain_letsTheRunningExchangeFinishAndEndsTheRest() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Routes routes =
        routes(
            exchange -> {
              running.countDown();
              finish.await();
              answer(exchange);
            });
    try (TestServer server = new TestServer(routes);
        RawClient busy = server.client();
        RawClient idle = server.client()) {
      busy.send(GET);
      running.await();
      // Answered once, it is accepted: what waits in the kernel's line is reset with the listener.
      idle.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(idle.readAnswer()).startsWith("HTTP/1.1 404 ");

      assertThat(server.server().drain(Duration.ofMillis(1))).isFalse();
      assertThat(idle.readAll()).isEmpty();
      finish.countDown();

      assertThat(busy.readAll()).startsWith("HTTP/1.1 200 ").contains("connection: close");
      assertThat(server.server().drain(Duration.ofSeconds(20))).isTrue();
      assertThat(server.server().connections()).isZero();
      assertThatThrownBy(server::client).isInstanceOf(IOException.class);
    }
  }

  @Test
  void drain_endsAConnectionOnceItsSkippedBodyHasCome() throws Exception {
    try (TestServer server = new TestServer(routes(HttpServerTest::answer));
        RawClient client = server.client()) {
      client.send("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");

      assertThat(server.server().drain(Duration.ofMillis(1))).isFalse();
      client.send("ab");

      assertThat(server.server().drain(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void connectionWhoseBodyWasSkipped_isIdleAndNotSlow() throws Exception {
    Duration second = Duration.ofSeconds(1);
    try (TestServer server =
            new TestServer(
                routes(HttpServerTest::answer),
                config -> config.withTimeouts(second, second.multipliedBy(3), second));
        RawClient client = server.client()) {
      client.send("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
      client.send("ab");

      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void slowReaderThatClosesItsSide_getsTheWholeAnswer() throws Exception {
    byte[] big = new byte[32 << 20];
    Routes routes = routes(exchange -> exchange.respond(200, Headers.EMPTY, big));
    try (TestServer server = new TestServer(routes);
        RawClient client = server.client()) {
      client.send(GET);
      server.awaitEnded();
      client.shutdownOutput();

      client.readHead();
      assertThat(client.readBytes(big.length)).hasSize(big.length);
    }
  }

  @Test
  void connectionOverTheLimit_waitsForAPlace() throws Exception {
    try (TestServer server =
            new TestServer(routes(HttpServerTest::answer), config -> config.withMaxConnections(1));
        RawClient first = server.client();
        RawClient second = server.client()) {
      assertThat(first.send(GET).readAnswer()).endsWith("x");
      second.send(GET);
      assertThat(server.server().connections()).isEqualTo(1);

      first.reset();

      assertThat(second.readAnswer()).endsWith("x");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void unixSocket_isServedByEachTransport(Transport transport, @TempDir Path folder)
      throws Exception {
    Path socket = folder.resolve("s");
    EventLoops loops = EventLoops.start(1, "test-unix", transport);
    HttpServerConfig config = HttpServerConfig.at(UnixDomainSocketAddress.of(socket));
    try (loops;
        HttpServer server =
            HttpServer.start(
                config,
                loops,
                routes(HttpServerTest::answer),
                ErrorMapper.PLAIN,
                RequestObserver.NONE);
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(socket));
      client.write(ByteBuffer.wrap("GET /x HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1)));

      ByteBuffer answer = ByteBuffer.allocate(1000);
      while (client.read(answer) >= 0) {}
      assertThat(new String(answer.array(), 0, answer.position(), ISO_8859_1))
          .startsWith("HTTP/1.1 200 OK");
      assertThat(server.port()).isZero();
    }
    assertThat(socket).doesNotExist();
  }

  /** 2 000 heads of 60 KB took the whole memory of a gateway. */
  @Test
  void longHeads_areRefusedWhileTheirPartOfTheMemoryIsFull_andShortOnesGoOn() throws Exception {
    String head = "GET /x HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(60_000) + "\r\n\r\n";
    int fitting = (int) (HeadMemory.ALL_BYTES / head.length());
    Semaphore arrived = new Semaphore(0);
    Semaphore finish = new Semaphore(0);
    Routes routes =
        routes(
            exchange -> {
              arrived.release();
              finish.acquire();
              answer(exchange);
            });
    List<RawClient> clients = new ArrayList<>();
    EventLoops loops = EventLoops.start(1, "test-heads");
    try (loops;
        TestServer server = new TestServer(loops, routes, config -> config)) {
      for (int i = 0; i < fitting; i++) {
        clients.add(server.client().send(head));
      }
      arrived.acquire(fitting);

      try (RawClient tooMany = server.client();
          RawClient shortHead = server.client()) {
        assertThat(tooMany.send(head).readAnswer())
            .startsWith("HTTP/1.1 503 ")
            .contains("too many requests with long heads are under way");
        assertThat(shortHead.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer())
            .startsWith("HTTP/1.1 404 ");
      }

      finish.release(fitting + 1);
      for (RawClient client : clients) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
      try (RawClient next = server.client()) {
        assertThat(next.send(head).readAnswer()).startsWith("HTTP/1.1 200 ");
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void takenAddress_isRefused() throws Exception {
    try (TestServer server = new TestServer(routes(HttpServerTest::answer))) {
      assertThatThrownBy(
              () ->
                  HttpServer.start(
                      HttpServerConfig.at(server.server().address()),
                      server.loops(),
                      routes(HttpServerTest::answer),
                      ErrorMapper.PLAIN,
                      RequestObserver.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on");
    }
  }

  @Test
  void gatekeeper_decidesBeforeTheHandlerAndKnowsTheRoutesAccess() throws Exception {
    Gatekeeper gatekeeper =
        (head, access) ->
            access == Access.ADMIN && head.header("Key").isEmpty()
                ? Optional.of(Answer.text(401, "no"))
                : Optional.empty();
    Routes routes =
        Routes.builder(gatekeeper)
            .route(Methods.ANY, "/x", Access.ADMIN, HttpServerTest::answer)
            .build();
    try (TestServer server = new TestServer(routes);
        RawClient client = server.client()) {
      assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 401 ").endsWith("no");
      assertThat(client.send("GET /x HTTP/1.1\r\nHost: x\r\nKey: k\r\n\r\n").readAnswer())
          .endsWith("x");
    }
  }

  @Test
  void slowReader_holdsTheWriterBack() throws Exception {
    byte[] block = new byte[1 << 20];
    Routes routes =
        routes(
            exchange -> {
              try (var out = exchange.respond(200, Headers.of("Content-Length", "33554432"))) {
                for (int i = 0; i < 32; i++) {
                  out.write(block);
                }
              }
            });
    try (TestServer server = new TestServer(routes);
        RawClient client = server.client()) {
      client.send(GET);
      client.readHead();
      assertThat(client.readBytes(32 << 20)).hasSize(32 << 20);
      assertThat(server.awaitEnded()).isEqualTo("GET /x 200");
    }
  }

  @Test
  void clientThatTakesNothing_isCutOff() throws Exception {
    byte[] block = new byte[1 << 20];
    CountDownLatch failed = new CountDownLatch(1);
    Routes routes =
        routes(
            exchange -> {
              try (var out = exchange.respond(200, Headers.EMPTY)) {
                while (true) {
                  out.write(block);
                }
              } catch (IOException e) {
                failed.countDown();
                throw e;
              }
            });
    try (TestServer server =
            new TestServer(
                routes,
                config ->
                    config.withTimeouts(
                        Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMillis(100)));
        RawClient client = server.client()) {
      client.send(GET);

      failed.await();
      assertThat(server.awaitEnded()).isEqualTo("GET /x 200");
    }
  }
}
