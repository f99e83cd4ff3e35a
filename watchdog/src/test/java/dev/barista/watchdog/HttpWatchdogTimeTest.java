package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.readUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a call in mode http may last, and what may last longer. */
@Timeout(120)
class HttpWatchdogTimeTest extends HttpWatchdogFixture {

  @Test
  void noWholeAnswerInTime_is504() throws Exception {
    var never = new CountDownLatch(1);
    answers("/", exchange -> hold(never));
    try (var watchdog = start("exec_timeout", "200ms")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.headers().firstValue("X-OpenFaaS-Internal")).contains("of-watchdog");
      assertThat(answer.headers().firstValue("X-Duration-Seconds")).isPresent();
      assertThat(answer.body()).contains("exec_timeout (0.2s)");
    } finally {
      never.countDown();
    }
  }

  @Test
  void timeoutWhileTheAnswerComes_cutsIt() throws Exception {
    var never = new CountDownLatch(1);
    answers(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("begun".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          hold(never);
        });
    try (var watchdog = start("exec_timeout", "300ms")) {
      assertThatThrownBy(() -> watchdog.get("/")).isInstanceOf(IOException.class);
    } finally {
      never.countDown();
    }
  }

  @Test
  void xTimeout_shortensButNeverLengthens() throws Exception {
    var never = new CountDownLatch(1);
    answers("/", exchange -> hold(never));
    try (var watchdog = start("exec_timeout", "500ms")) {
      assertThat(watchdog.send("/", "GET", BodyPublishers.noBody(), "X-Timeout", "100ms").body())
          .contains("exec_timeout (0.1s)");
      assertThat(watchdog.send("/", "GET", BodyPublishers.noBody(), "X-Timeout", "1h").body())
          .contains("exec_timeout (0.5s)");
      assertThat(watchdog.send("/", "GET", BodyPublishers.noBody(), "X-Timeout", "soon").body())
          .contains("exec_timeout (0.5s)");
    } finally {
      never.countDown();
    }
  }

  /** Each event reaches the client before the next one is made, past exec_timeout. */
  @Test
  void eventStream_flowsEventByEvent_beyondExecTimeout() throws Exception {
    var next = new CountDownLatch(1);
    answers(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("data: 1\n\n".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          hold(next);
          exchange.getResponseBody().write("data: 2\n\n".getBytes(UTF_8));
          exchange.close();
        });
    try (var watchdog = start("exec_timeout", "100ms")) {
      var request =
          HttpRequest.newBuilder(watchdog.uri("/")).header("Accept", "text/event-stream").build();
      var answer = watchdog.client().send(request, BodyHandlers.ofInputStream());
      try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("data: 1");
        LockSupport.parkNanos(300_000_000L);
        next.countDown();
        assertThat(lines.readLine()).isEmpty();
        assertThat(lines.readLine()).isEqualTo("data: 2");
      }
    }
  }

  @Test
  void webSocket_isRelayed_beyondExecTimeout() throws Exception {
    function.stop(0);
    try (var server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        var watchdog = start("exec_timeout", "100ms");
        var client = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
      client
          .getOutputStream()
          .write(
              ("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n")
                  .getBytes(UTF_8));
      try (Socket accepted = server.accept()) {
        assertThat(readUntil(accepted, "\r\n\r\n")).startsWith("GET /ws HTTP/1.1\r\n");
        String agreed =
            "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: eA==\r\n\r\n";
        accepted.getOutputStream().write(agreed.getBytes(UTF_8));
        assertThat(readUntil(client, "\r\n\r\n")).startsWith("HTTP/1.1 101");
        LockSupport.parkNanos(300_000_000L);

        client.getOutputStream().write("to".getBytes(UTF_8));
        assertThat(readUntil(accepted, "to")).isEqualTo("to");
        accepted.getOutputStream().write("from".getBytes(UTF_8));
        assertThat(readUntil(client, "from")).isEqualTo("from");
      }
    }
  }
}
