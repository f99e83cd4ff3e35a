package dev.barista.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a listener answers to requests that no well-meaning client sends. */
class HostileRequestTest {

  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN)
            .route(Methods.ANY, "/ok", Access.PUBLIC, HostileRequestTest::ok)
            .route(
                Methods.of("GET"),
                "/smuggled",
                Access.PUBLIC,
                exchange -> exchange.respond(Answer.text(200, "SMUGGLED")))
            .build();
    server =
        new TestServer(
            routes,
            config ->
                config
                    .withMaxTargetBytes(200)
                    .withMaxHeaders(1000, 20)
                    .withMaxBodyBytes(100)
                    .withTimeouts(
                        Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300)));
  }

  private static void ok(Exchange exchange) throws IOException {
    exchange.body().transferTo(OutputStream.nullOutputStream());
    exchange.respond(200, Headers.EMPTY, "fine".getBytes(UTF_8));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("no HTTP at all", "\u0016\u0003\u0001\u0002\r\n\r\n", 400),
        Arguments.of("no version", "GET /ok\r\nHost: x\r\n\r\n", 400),
        Arguments.of("version 2", "GET /ok HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        Arguments.of("other protocol", "GET /ok FTP/1.1\r\nHost: x\r\n\r\n", 400),
        Arguments.of("no host", "GET /ok HTTP/1.1\r\n\r\n", 400),
        Arguments.of("two hosts", "GET /ok HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        Arguments.of("bad method", "GE(T /ok HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Arguments.of("authority as target", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Arguments.of("target is no path", "GET ok HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Arguments.of("control in target", "GET /ok\u0001 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Arguments.of("space before colon", "GET /ok HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        Arguments.of("nul in header", "GET /ok HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n", 400),
        Arguments.of("cr in header", "GET /ok HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400),
        Arguments.of("bare lf", "GET /ok HTTP/1.1\nHost: x\n\n", 400),
        Arguments.of("header without colon", "GET /ok HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n", 400),
        Arguments.of("negative length", post("Content-Length: -1"), 400),
        Arguments.of("signed length", post("Content-Length: +4"), 400),
        Arguments.of("hex length", post("Content-Length: 0x4"), 400),
        Arguments.of("two lengths", post("Content-Length: 4\r\nContent-Length: 4"), 400),
        Arguments.of("contradicting lengths", post("Content-Length: 4\r\nContent-Length: 0"), 400),
        Arguments.of("length list", post("Content-Length: 4, 4"), 400),
        Arguments.of(
            "length with chunked", post("Content-Length: 4\r\nTransfer-Encoding: chunked"), 400),
        Arguments.of(
            "chunked with length", post("Transfer-Encoding: chunked\r\nContent-Length: 4"), 400),
        Arguments.of("unknown encoding", post("Transfer-Encoding: gzip, chunked"), 501),
        Arguments.of("hidden encoding", post("Transfer-Encoding: xchunked"), 400),
        Arguments.of(
            "encodings apart", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x"), 400),
        Arguments.of(
            "chunked in 1.0",
            "POST /ok HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        Arguments.of("bad chunk size", chunked("zz\r\n" + SMUGGLED), 400),
        Arguments.of("negative chunk", chunked("-1\r\n" + SMUGGLED), 400),
        Arguments.of("huge chunk size", chunked("fffffffffffffffff\r\n"), 400),
        Arguments.of("bytes after a chunk", chunked("1\r\nabc\r\n0\r\n\r\n" + SMUGGLED), 400),
        Arguments.of("unknown expectation", post("Content-Length: 4\r\nExpect: tea"), 417),
        Arguments.of(
            "long target", "GET /" + "a".repeat(300) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        Arguments.of("long header", header("A: " + "b".repeat(1500)), 431),
        Arguments.of(
            "long headers", header(("A: " + "b".repeat(90) + "\r\n").repeat(15) + "C: d"), 431),
        Arguments.of("many headers", header("A: b\r\n".repeat(25) + "C: d"), 431),
        Arguments.of("announced large body", post("Content-Length: 101"), 413),
        Arguments.of("endless length", post("Content-Length: " + "9".repeat(40)), 400),
        Arguments.of(
            "chunked large body", chunked("65\r\n" + "x".repeat(101) + "\r\n0\r\n\r\n"), 413));
  }

  private static String post(String headers) {
    return "POST /ok HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n" + SMUGGLED;
  }

  private static String chunked(String body) {
    return "POST /ok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
  }

  private static String header(String lines) {
    return "GET /ok HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusedRequest_isAnsweredOnceAndTheConnectionEnds(String name, String request, int status)
      throws Exception {
    try (RawClient client = server.client()) {
      client.send(request);

      assertThat(client.readAll())
          .as(name)
          .startsWith("HTTP/1.1 " + status + " ")
          .containsIgnoringCase("connection: close")
          .doesNotContain("SMUGGLED")
          .containsOnlyOnce("HTTP/1.1 ");
    }
    assertThat(server.awaitEnded()).endsWith(" " + status);
  }

  static Stream<Arguments> taken() {
    return Stream.of(
        Arguments.of("absolute target", "GET http://x/ok HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("query without path", "GET /ok?a=//../ HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("empty lines first", "\r\n\r\nGET /ok HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("empty host", "GET /ok HTTP/1.1\r\nHost:\r\n\r\n"),
        Arguments.of("own method", "BREW /ok HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("chunk extension", chunked("1;a=b\r\nx\r\n0\r\n\r\n")),
        Arguments.of("trailers", chunked("1\r\nx\r\n0\r\nA: b\r\n\r\n")),
        Arguments.of(
            "capital encoding",
            "POST /ok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            "largest body",
            "POST /ok HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("taken")
  void unusualRequest_isTakenAndTheConnectionStays(String name, String request) throws Exception {
    try (RawClient client = server.client()) {
      assertThat(client.send(request).readAnswer()).as(name).startsWith("HTTP/1.1 200 ");
      assertThat(client.send("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer()).endsWith("fine");
    }
  }

  @Test
  void uncleanPath_isRedirectedWithItsQuery() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /a//b/%2e%2E/./ok/?q=// HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 301 ")
          .contains("Location: /a/ok/?q=//\r\n");
    }
  }

  @Test
  void otherMethodAndPath_are405And404() throws Exception {
    try (RawClient client = server.client()) {
      assertThat(client.send("PUT /smuggled HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer())
          .startsWith("HTTP/1.1 405 ");
      assertThat(client.send("GET /smuggled/ HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer())
          .startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void slowHead_is408() throws Exception {
    try (RawClient client = server.client()) {
      client.send("GET /ok HTTP/1.1\r\nHos");

      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void slowBody_is408() throws Exception {
    try (RawClient client = server.client()) {
      client.send("POST /ok HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");

      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(server.awaitEnded()).isEqualTo("POST /ok 408");
    }
  }

  @Test
  void silentConnection_isClosedWithoutAWord() throws Exception {
    try (RawClient client = server.client()) {
      assertThat(client.readAll()).isEmpty();
    }
    try (RawClient client = server.client()) {
      client.send("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer();
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void refusalAfterHead_hasItsBody() throws Exception {
    try (RawClient client = server.client()) {
      client.send("HEAD /none HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
      client.send("GET /o");

      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ").endsWith("100 ms\n");
    }
  }

  @Test
  void otherMethod_isToldWhichAreAllowed() throws Exception {
    try (RawClient client = server.client()) {
      client.send("PUT /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 405 ").contains("Allow: GET\r\n");
    }
  }

  @Test
  void expectationOverHttp10_getsNoInterimAnswer() throws Exception {
    try (RawClient client = server.client()) {
      client.send("POST /ok HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab");

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
    }
  }
}
