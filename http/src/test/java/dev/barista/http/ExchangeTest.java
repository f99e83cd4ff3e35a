package dev.barista.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangeTest {

  private final BlockingQueue<Integer> aborted = new LinkedBlockingQueue<>();
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CountDownLatch inHandler = new CountDownLatch(1);
  private final CountDownLatch finishSlow = new CountDownLatch(1);
  private final BlockingQueue<Exception> bodyFailures = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN)
            .route(Methods.of("GET", "HEAD"), "/hello/{name}", Access.PUBLIC, this::hello)
            .route(Methods.ANY, "/echo", Access.PUBLIC, ExchangeTest::echo)
            .route(Methods.ANY, "/small", Access.PUBLIC, ExchangeTest::small)
            .route(Methods.ANY, "/count", Access.PUBLIC, ExchangeTest::count)
            .route(Methods.of("GET"), "/stream/*", Access.PUBLIC, ExchangeTest::stream)
            .route(Methods.of("GET"), "/follow", Access.PUBLIC, this::follow)
            .route(
                Methods.of("GET"),
                "/broken",
                Access.PUBLIC,
                exchange -> {
                  throw new IllegalStateException("secret");
                })
            .stream(
                Methods.ANY,
                "/whole",
                Access.PUBLIC,
                exchange ->
                    exchange.readWhole(
                        5,
                        body -> exchange.respond(Answer.text(200, new String(body, UTF_8))),
                        aborted::add))
            .stream(
                Methods.ANY,
                "/block",
                Access.PUBLIC,
                exchange ->
                    exchange.readWhole(
                        5,
                        body ->
                            exchange.block(blocking -> blocking.respond(200, Headers.EMPTY, body)),
                        aborted::add))
            .route(Methods.of("GET"), "/large/{size}", Access.PUBLIC, this::large)
            .route(Methods.of("GET"), "/slow", Access.PUBLIC, this::slow)
            .route(Methods.of("GET"), "/silent", Access.PUBLIC, exchange -> {})
            .build();
    server = new TestServer(routes, config -> config.withMaxBodyBytes(8 << 20));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void wholeBody_isGatheredOnTheLoopUpToItsLimit() throws Exception {
    try (RawClient client = server.client()) {
      for (String path : List.of("/whole", "/block")) {
        client.send("POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
        client.send("cde");
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("abcde");
        client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
      }
      client.send("POST /whole HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413");
      assertThat(aborted.take()).isEqualTo(413);
    }
    try (RawClient leaving = server.client()) {
      leaving.send("POST /whole HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
    }
    assertThat(aborted.take()).isZero();
  }

  private void hello(Exchange exchange) throws IOException {
    String text = exchange.pathVariable("name") + exchange.queryAll("q") + "\n";
    exchange.respond(200, Headers.of("X-Call", exchange.callId()), text.getBytes(UTF_8));
  }

  private static void echo(Exchange exchange) throws IOException {
    try (OutputStream answer = exchange.respond(200, Headers.EMPTY)) {
      exchange.body().transferTo(answer);
    }
  }

  private static void small(Exchange exchange) throws IOException {
    exchange.respond(Answer.text(200, new String(exchange.body(5), UTF_8)));
  }

  private static void count(Exchange exchange) throws IOException {
    long length = exchange.body().transferTo(OutputStream.nullOutputStream());
    exchange.respond(Answer.text(200, Long.toString(length)));
  }

  private void countOrTell(Exchange exchange) throws IOException {
    try {
      count(exchange);
    } catch (HttpException e) {
      bodyFailures.add(e);
      throw e;
    }
  }

  private void large(Exchange exchange) throws Exception {
    finishSlow.await();
    byte[] body = new byte[Integer.parseInt(exchange.pathVariable("size"))];
    exchange.respond(200, Headers.EMPTY, body);
  }

  private void slow(Exchange exchange) throws Exception {
    finishSlow.await();
    exchange.respond(Answer.text(200, "slow"));
  }

  private static void stream(Exchange exchange) throws IOException {
    try (OutputStream answer = exchange.respond(200, Headers.EMPTY)) {
      for (String piece : exchange.remainder().split("/")) {
        answer.write(piece.getBytes(UTF_8));
        answer.flush();
      }
    }
  }

  private void follow(Exchange exchange) throws IOException {
    exchange.onClientGone(gone::countDown);
    exchange.respond(200, Headers.EMPTY).flush();
    inHandler.countDown();
    try {
      gone.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void get_answersWithVariablesAndQuery() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /hello/a%2Fb+c?q=1&q=%41+ HTTP/1.1\r\nHost: x\r\nX-Call-Id: mine\r\n\r\n");

      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("X-Call: mine")
          .endsWith("\r\n\r\na/b+c[1, A ]\n");
      assertThat(server.awaitEnded()).isEqualTo("GET /hello 200");
    }
  }

  @Test
  void head_getsLengthWithoutBody() throws Exception {
    try (RawClient client = server.client()) {
      client.send(
          "HEAD /hello/x HTTP/1.1\r\nHost: x\r\n\r\nGET /hello/y HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readHead()).contains("content-length: 4");
      assertThat(client.readAnswer()).endsWith("y[]\n");
    }
  }

  @Test
  void callId_isGeneratedWhenAbsentOrUnfit() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /hello/x HTTP/1.1\r\nHost: x\r\nX-Call-Id: a b\r\n\r\n");

      assertThat(client.readAnswer())
          .containsPattern(
              "X-Call: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\r\n");
    }
  }

  @Test
  void largeEcho_streamsBothWays() throws Exception {
    byte[] body = new byte[3 << 20];
    try (RawClient client = server.client()) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.send(
                          "POST /echo HTTP/1.0\r\nContent-Length: " + body.length + "\r\n\r\n");
                      client.send(body);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      client.readHead();

      assertThat(client.readBytes(body.length)).hasSize(body.length);
      sender.join();
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void chunkedUpload_isRead() throws Exception {
    try (RawClient client = server.client()) {
      client.send(
          "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
              + "2;ext=1\r\nde\r\n0\r\n\r\n");

      assertThat(client.readAnswer()).endsWith("\r\n\r\n5");
    }
  }

  @Test
  void streamedAnswer_isChunkedPieceByPiece() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /stream/one/two HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readHead()).contains("transfer-encoding: chunked");
      assertThat(client.readUntil("0\r\n\r\n")).isEqualTo("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    }
  }

  @Test
  void bodyOverTheHandlersLimit_is413() throws Exception {
    try (RawClient client = server.client()) {
      client.send("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345");
      assertThat(client.readAnswer()).endsWith("\r\n\r\n12345");

      client.send("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n123456");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ").contains("larger than 5 bytes");
    }
  }

  @Test
  void bodyDeclaredOverTheHandlersLimit_isNotAskedFor() throws Exception {
    try (RawClient client = server.client()) {
      client.send(
          "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void throwingHandler_is500WithoutItsText() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 500 ").doesNotContain("secret");

      client.send("GET /silent HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 500 ");
    }
  }

  @Test
  void clientThatLeaves_isToldToTheHandler() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /follow HTTP/1.1\r\nHost: x\r\n\r\n");
      client.readHead();
      inHandler.await();
    }

    assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.awaitEnded()).isEqualTo("GET /follow 200");
  }

  @Test
  void expectContinue_isAskedForByTheFirstRead() throws Exception {
    try (RawClient client = server.client()) {
      client.send(
          "POST /count HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
      client.send("abc");

      assertThat(client.readAnswer()).endsWith("\r\n\r\n3");
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws Exception {
    try (RawClient client = server.client()) {
      client.send(
          "POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
              + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
              + "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
              + "GET /hello/last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(client.readAnswer()).endsWith("\r\n\r\n3");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
      assertThat(client.readAnswer()).endsWith("\r\n\r\nhi");
      assertThat(client.readAll()).contains("connection: close").endsWith("last[]\n");
    }
  }

  @Test
  void halfClosedClient_getsItsAnswer() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n");
      client.shutdownOutput();

      assertThat(client.readAll()).endsWith("x[]\n");
    }
  }

  @Test
  void halfClosedClientThatSentAhead_getsEveryAnswer() throws Exception {
    try (RawClient client = server.client()) {
      client.send(
          "GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\nGET /hello/y HTTP/1.1\r\nHost: x\r\n\r\n"
              + "GET /hello/z HTTP/1.1\r\nHost: x\r\n\r\n");
      client.shutdownOutput();

      assertThat(client.readAll()).contains("x[]\n", "y[]\n").endsWith("z[]\n");
    }
  }

  /** More than the kernel's buffers take, written only after the end of input was seen. */
  @Test
  void halfClosedClientThatReadsSlowly_getsALargeAnswerWhole() throws Exception {
    int size = 24 << 20;
    try (RawClient client = server.client()) {
      client.send("GET /large/" + size + " HTTP/1.1\r\nHost: x\r\n\r\n");
      client.shutdownOutput();
      assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
      finishSlow.countDown();
      client.readHead();

      assertThat(client.readBytes(size)).hasSize(size);
      assertThat(client.readAll()).isEmpty();
    }
  }

  /** The second probe fails when the client has gone, and never when it has not. */
  @Test
  void halfClosedClient_getsASlowAnswerWhole() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      client.shutdownOutput();
      assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
      assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
      finishSlow.countDown();

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ").endsWith("slow");
    }
  }

  @Test
  void slowBody_isToldToTheHandlerInTheWordsOfTheAnswer() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    Routes counting =
        Routes.builder(Gatekeeper.OPEN)
            .route(Methods.ANY, "/count", Access.PUBLIC, this::countOrTell)
            .build();
    try (TestServer impatient =
            new TestServer(
                counting, config -> config.withTimeouts(Duration.ofMillis(100), minute, minute));
        RawClient client = impatient.client()) {
      client.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");

      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(bodyFailures.poll(20, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              HttpException.class,
              e -> assertThat(e.kind()).isEqualTo(HttpException.Kind.SLOW_SENDER));
    }
  }

  @Test
  void http10_closesUnlessAskedToKeep() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /hello/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.readAnswer()).contains("connection: keep-alive");
      client.send("GET /stream/one HTTP/1.0\r\n\r\n");
      assertThat(client.readAll()).doesNotContain("chunked").endsWith("\r\n\r\none");
    }
  }
}
