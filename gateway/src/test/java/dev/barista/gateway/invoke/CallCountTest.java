package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.http.Answer;
import dev.barista.http.Headers;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.testkit.FakeProvider.Start;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Every way in which a call can end, and how often it is counted: once in the metrics of the
 * listener, and once in those of its function if it came as far as a replica.
 */
class CallCountTest extends InvocationFixture {

  private static final Duration SHORT = Duration.ofMillis(100);

  /** Within which the slowest machine brings an answer's head. */
  private static final Duration LONG = Duration.ofSeconds(20);

  private void deployHeld() throws IOException {
    plane.provider().onStart("image", Start.HELD);
    plane.deploy(plane.replica(OK));
  }

  private void awaitHeld() {
    patiently().until(() -> plane.pool().waiting() == 1);
  }

  /** Asserts what the two families of metrics know, at rest. */
  private void assertCounts(String ofFunction, String ofListener, int arrivals, int answers) {
    assertCounts(ofFunction, ofListener);
    assertThat(plane.load().arrivals()).as("arrivals").isEqualTo(arrivals);
    assertThat(plane.load().answers()).as("answers").isEqualTo(answers);
  }

  private void assertCounts(String ofFunction, String ofListener) {
    patiently().untilAsserted(() -> assertThat(plane.requests()).isEqualTo(ofListener));
    plane.assertAtRest();
    assertThat(plane.calls()).isEqualTo(ofFunction);
  }

  @Test
  void answered() throws Exception {
    plane.deploy(plane.replica(OK));
    plane.get("/function/f");
    assertCounts("200: 1", "200: 1", 1, 1);
  }

  @Test
  void answeredByTheFunctionWithAnError() throws Exception {
    plane.deploy(plane.replica(exchange -> exchange.respond(Answer.text(503, "no"))));
    plane.get("/function/f");
    assertCounts("503: 1", "503: 1", 1, 1);
  }

  @Test
  void refusedAtTheConcurrencyLimit() throws Exception {
    plane.annotations(Map.of(CallRules.QUEUE_SIZE, "0"));
    plane.provider().withPolicy(new InvocationPolicy(Duration.ZERO, 1, false));
    CountDownLatch running = new CountDownLatch(1);
    plane.deploy(plane.replica(neverAfter(running)));
    try (Socket first = plane.connect()) {
      first.setSoLinger(true, 0); // leaves by a reset, which is noticed at once
      TestPlane.send(first, "GET", "/function/f", "", "");
      running.await();
      plane.get("/function/f");
    }
    assertCounts("429: 1, 502: 1", "429: 1, 499: 1", 2, 0);
  }

  @Test
  void refusedBecauseNothingIsHeldForAFunctionAtZero() throws Exception {
    settings(config -> config.withScaleFromZero(false));
    deployHeld();
    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 503 ")
        .contains("X-Barista-Error: no_replica\r\n")
        .endsWith("No endpoints available for: f. [scale-from-zero]\n");
    assertCounts("503: 1", "503: 1", 1, 0);
    assertThat(plane.provider().scaleCalls()).isZero();
  }

  @Test
  void heldUntilItsTimeIsOver() throws Exception {
    settings(config -> config.withTimeouts(config.upstreamTimeout(), SHORT));
    deployHeld();
    assertThat(plane.get("/function/f")).startsWith("HTTP/1.1 504 ");
    assertCounts("", "504: 1", 1, 0);
  }

  @Test
  void heldUntilTheStartFailed() throws Exception {
    deployHeld();
    var call = clients.submit(() -> plane.get("/function/f"));
    awaitHeld();
    plane.provider().failStart(TestPlane.NAME, "exit code 1", List.of());
    assertThat(call.get()).startsWith("HTTP/1.1 502 ");
    assertCounts("", "502: 1", 1, 0);
  }

  @Test
  void heldUntilItsClientLeft() throws Exception {
    deployHeld();
    try (Socket socket = plane.connect()) {
      socket.setSoLinger(true, 0);
      TestPlane.send(socket, "GET", "/function/f", "", "");
      awaitHeld();
    }
    assertCounts("", "499: 1", 1, 0);
  }

  @Test
  void refusedByAFullLine() throws Exception {
    settings(config -> config.withMaxHeldCalls(0));
    deployHeld();
    assertThat(plane.get("/function/f")).startsWith("HTTP/1.1 503 ");
    assertCounts("", "503: 1", 1, 0);
  }

  @Test
  void heldAndThenAnswered() throws Exception {
    deployHeld();
    var call = clients.submit(() -> plane.get("/function/f"));
    awaitHeld();
    plane.provider().makeReady(TestPlane.NAME);
    assertThat(call.get()).endsWith("ok");
    assertCounts("200: 1", "200: 1", 1, 1);
  }

  @Test
  void overTheFunctionsTime() throws Exception {
    plane.provider().withPolicy(new InvocationPolicy(SHORT, 0, false));
    plane.deploy(plane.replica(InvocationFixture::never));
    plane.get("/function/f");
    assertCounts("504: 1", "504: 1", 1, 0);
  }

  @Test
  void overThePlatformsTime() throws Exception {
    settings(config -> config.withTimeouts(SHORT, config.holdLimit().time()));
    plane.deploy(plane.replica(InvocationFixture::never));
    plane.get("/function/f");
    assertCounts("504: 1", "504: 1", 1, 0);
  }

  @Test
  void overItsTimeInTheMiddleOfTheAnswer() throws Exception {
    plane.provider().withPolicy(new InvocationPolicy(LONG, 0, false));
    plane.deploy(
        plane.replica(
            exchange -> {
              OutputStream out = exchange.respond(200, Headers.EMPTY);
              out.write('x');
              out.flush();
              never(exchange);
            }));
    plane.get("/function/f", LONG);
    assertCounts("504: 1", "200: 1", 1, 1);
  }

  @Test
  void leftByItsClient() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    plane.deploy(plane.replica(neverAfter(running)));
    try (Socket socket = plane.connect()) {
      socket.setSoLinger(true, 0);
      TestPlane.send(socket, "GET", "/function/f", "", "");
      running.await();
    }
    assertCounts("502: 1", "499: 1", 1, 0);
  }

  @Test
  void brokenByItsReplica() throws Exception {
    try (ServerSocket dying = dying()) {
      plane.deploy(new Endpoint(dying.getLocalSocketAddress()));
      plane.get("/function/f");
    }
    assertCounts("502: 1", "502: 1", 1, 0);
  }

  @Test
  void acceptedByNoReplica() throws Exception {
    plane.deploy(dead());
    plane.get("/function/f");
    assertCounts("502: 1", "502: 1", 1, 0);
  }

  @Test
  void refusedBecauseItsBodyGrewTooLarge() throws Exception {
    plane.deploy(
        plane.replica(
            exchange -> {
              exchange.body().readAllBytes();
              OK.handle(exchange);
            }));
    try (Socket socket = plane.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /function/f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              .getBytes(ISO_8859_1));
      int chunk = TestPlane.MAX_BODY / 2 + 1;
      String head = Integer.toHexString(chunk) + "\r\n";
      for (int i = 0; i < 2; i++) {
        out.write(head.getBytes(ISO_8859_1));
        out.write(new byte[chunk]);
        out.write("\r\n".getBytes(ISO_8859_1));
      }
      out.flush();
      assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
          .isEqualTo("HTTP/1.1 413");
    }
    assertCounts("413: 1", "413: 1", 1, 0);
  }

  /** Longer than the function's time, which is not for what has no end. */
  @Test
  void agreedToAWebSocket() throws Exception {
    plane.provider().withPolicy(new InvocationPolicy(LONG, 0, false));
    try (ServerSocket chat = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var served = clients.submit(() -> echoLate(chat));
      plane.deploy(new Endpoint(chat.getLocalSocketAddress()));
      try (Socket socket = plane.connect()) {
        socket
            .getOutputStream()
            .write(
                ("GET /function/f HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nhi")
                    .getBytes(ISO_8859_1));
        assertThat(TestPlane.readUntil(socket, "\r\n\r\nhi"))
            .startsWith("HTTP/1.1 101 ")
            .contains("X-Call-Id: ");
      }
      assertThat(served.get()).isEqualTo(-1);
    }
    assertCounts("101: 1", "101: 1", 1, 1);
  }

  /** Agrees, and returns two bytes when the function's time is long over. */
  private int echoLate(ServerSocket listener) throws Exception {
    try (Socket socket = listener.accept()) {
      TestPlane.readUntil(socket, "\r\n\r\n");
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Accept: a\r\n\r\n")
                  .getBytes(ISO_8859_1));
      byte[] two = socket.getInputStream().readNBytes(2);
      plane.letPass(LONG);
      assertThat(new CountDownLatch(1).await(4 * SHORT.toMillis(), TimeUnit.MILLISECONDS))
          .isFalse();
      socket.getOutputStream().write(two);
      return socket.getInputStream().read();
    }
  }

  @Test
  void toAnUnknownFunction() throws Exception {
    plane.deploy(plane.replica(OK));
    plane.get("/function/g");
    assertCounts("", "404: 1", 0, 0);
  }
}
