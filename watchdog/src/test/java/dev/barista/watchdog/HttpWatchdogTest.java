package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The function's server runs in this JVM; its process is one that only lives. */
@Timeout(120)
class HttpWatchdogTest {

  private static final String LIVES = "cat";

  @TempDir Path folder;

  // Mutable state
  private HttpServer function;
  private int port;

  @BeforeEach
  void startFunction() throws IOException {
    function = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    function.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    port = function.getAddress().getPort();
    function.start();
  }

  @AfterEach
  void stopFunction() {
    function.stop(0);
  }

  private void answers(String path, HttpHandler handler) {
    function.createContext(path, handler);
  }

  private RunningWatchdog start(String... settings) throws IOException {
    String[] all = new String[settings.length + 2];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "upstream_url";
    all[settings.length + 1] = "http://127.0.0.1:" + port;
    return RunningWatchdog.mode("http", folder, LIVES, all);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void call_isPassedOnWithItsHostAndTarget() throws Exception {
    answers(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("X-Own", "1");
          send(
              exchange,
              201,
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Host")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        });
    try (var watchdog = start()) {
      HttpResponse<String> answer = watchdog.post("/a/b%2Fc?x=%20", "body");

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.body())
          .isEqualTo("POST /a/b%2Fc?x=%20 127.0.0.1:" + watchdog.port() + " body");
      assertThat(answer.headers().firstValue("X-Own")).contains("1");
      assertThat(answer.headers().firstValue("X-Duration-Seconds").orElseThrow())
          .matches("\\d+\\.\\d{6}");
      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .containsPattern(
                          "POST /a/b%2Fc\\?x=%20 - 201 - ContentLength: \\d+B"
                              + " \\(\\d\\.\\d{4}s\\)\n"));
    }
  }

  @Test
  void redirect_isNotFollowed_andOtherMethodsPass() throws Exception {
    answers(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          send(exchange, 302, "");
        });
    try (var watchdog = start()) {
      assertThat(watchdog.send("/", "OPTIONS", BodyPublishers.noBody()).statusCode())
          .isEqualTo(302);
    }
  }

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
        java.util.concurrent.locks.LockSupport.parkNanos(300_000_000L);
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
        java.util.concurrent.locks.LockSupport.parkNanos(300_000_000L);

        client.getOutputStream().write("to".getBytes(UTF_8));
        assertThat(readUntil(accepted, "to")).isEqualTo("to");
        accepted.getOutputStream().write("from".getBytes(UTF_8));
        assertThat(readUntil(client, "from")).isEqualTo("from");
      }
    }
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  @Test
  void measuredBody_hasALength() throws Exception {
    answers(
        "/",
        exchange -> {
          String length = exchange.getRequestHeaders().getFirst("Content-length");
          send(
              exchange,
              200,
              length + " " + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        });
    var chunked = BodyPublishers.fromPublisher(BodyPublishers.ofString("chunks"));
    try (var watchdog = start()) {
      assertThat(watchdog.send("/", "POST", chunked).body()).isEqualTo("null chunks");
    }
    try (var watchdog = start("buffer_http", "true")) {
      assertThat(watchdog.send("/", "POST", chunked).body()).isEqualTo("6 chunks");
      assertThat(watchdog.post("/", "known").body()).isEqualTo("5 known");
      var tooLarge =
          BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[(4 << 20) + 1]));
      assertThat(watchdog.send("/", "POST", tooLarge).statusCode()).isEqualTo(413);
    }
    try (var watchdog = start("http_buffer_req_body", "true")) {
      assertThat(watchdog.send("/", "POST", chunked).body()).isEqualTo("6 chunks");
    }
  }

  @Test
  void path_ofTheUpstreamUrl_standsBeforeThatOfTheCall() throws Exception {
    answers("/", exchange -> send(exchange, 200, exchange.getRequestURI().toString()));
    try (var watchdog =
        RunningWatchdog.mode(
            "http", folder, LIVES, "http_upstream_url", "http://localhost:" + port + "/base/")) {
      assertThat(watchdog.get("/x").body()).isEqualTo("/base/x");
    }
  }

  @Test
  void readyPath_asksTheFunction_besideTheLimit() throws Exception {
    var never = new CountDownLatch(1);
    answers("/", exchange -> hold(never));
    answers("/ready", exchange -> send(exchange, 418, ""));
    try (var watchdog = start("ready_path", "/ready", "max_inflight", "1")) {
      assertThat(watchdog.get("/_/ready").statusCode()).isEqualTo(418);

      CompletableFuture<HttpResponse<String>> running =
          watchdog
              .client()
              .sendAsync(
                  HttpRequest.newBuilder(watchdog.uri("/")).build(), BodyHandlers.ofString());
      await().until(() -> watchdog.get("/_/ready").statusCode() == 429);
      assertThat(watchdog.get("/").statusCode()).isEqualTo(429);
      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(200);
      never.countDown();
      running.cancel(true);
    }
  }

  @Test
  void callId_isLogged_andProbesAreNot() throws Exception {
    answers("/", exchange -> send(exchange, 200, ""));
    try (var watchdog = start("log_callid", "true")) {
      watchdog.send("/one", "GET", BodyPublishers.noBody(), "X-Call-Id", "id-7");
      watchdog.send("/probe", "GET", BodyPublishers.noBody(), "User-Agent", "kube-probe/1.30");
      watchdog.get("/two");

      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .containsPattern("GET /one - 200 .*s\\) \\[id-7]\n")
                      .containsPattern("GET /two - 200 .*s\\) \\[[-0-9a-z]+]\n")
                      .doesNotContain("/probe"));
    }
  }

  @Test
  void processThatListensLate_isWaitedFor() throws Exception {
    function.stop(0);
    try (var watchdog = start()) {
      var answer =
          watchdog
              .client()
              .sendAsync(
                  HttpRequest.newBuilder(watchdog.uri("/")).build(), BodyHandlers.ofString());
      function =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      answers("/", exchange -> send(exchange, 200, "late"));
      function.start();

      assertThat(answer.join().body()).isEqualTo("late");
    }
  }

  @Test
  void processThatNeverListens_is500NamingTheAddress() throws Exception {
    function.stop(0);
    try (var watchdog = start("exec_timeout", "200ms")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.headers().firstValue("X-OpenFaaS-Internal")).contains("of-watchdog");
      assertThat(answer.body())
          .contains("doesn't listen at upstream_url")
          .contains("127.0.0.1:" + port);
    }
  }

  /** The kernel lets in only so many whom nobody accepts; the others have not been refused. */
  @Test
  void fullLineOfAProcessThatListensLate_is504() throws Exception {
    function.stop(0);
    try (var watchdog = start("exec_timeout", "2s", "max_inflight", "6")) {
      var request = HttpRequest.newBuilder(watchdog.uri("/")).build();
      var calls =
          Stream.generate(() -> watchdog.client().sendAsync(request, BodyHandlers.discarding()))
              .limit(6)
              .toList();
      await().until(() -> watchdog.get("/_/ready").statusCode() == 429);
      try (var late = new ServerSocket(port, /* backlog= */ 1, InetAddress.getLoopbackAddress());
          Socket first = late.accept()) {
        readUntil(first, "\r\n\r\n");
        first
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(UTF_8));

        assertThat(calls.stream().map(call -> call.join().statusCode()))
            .containsExactlyInAnyOrder(200, 504, 504, 504, 504, 504);
      }
    }
  }

  @Test
  void processThatExitsWithZero_leavesTheWatchdogRunning() throws Exception {
    function.stop(0);
    String url = "http://127.0.0.1:" + port;
    try (var watchdog =
        RunningWatchdog.mode("http", folder, "true", "upstream_url", url, "exec_timeout", "20s")) {
      await().untilAsserted(() -> assertThat(watchdog.log()).contains("exit status 0"));

      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("nothing accepts connections at upstream_url");
    }
  }

  @Test
  void processThatDies_endsTheWatchdog() throws Exception {
    try (var watchdog =
        RunningWatchdog.mode(
            "http", folder, script(folder, "exit 7"), "upstream_url", "http://127.0.0.1:" + port)) {
      assertThat(watchdog.death()).isEqualTo("Forked function has terminated: exit status 7");
    }
  }

  /** One that puts itself into the background is served, and ends with the watchdog. */
  @Test
  void processThatDaemonises_endsWithTheWatchdog() throws Exception {
    Path pid = folder.resolve("pid");
    answers("/", exchange -> send(exchange, 200, "served"));
    long daemon;
    try (var watchdog =
        RunningWatchdog.mode(
            "http",
            folder,
            script(folder, "sleep 1000 & echo $! > " + pid),
            "upstream_url",
            "http://127.0.0.1:" + port)) {
      await().untilAsserted(() -> assertThat(watchdog.log()).contains("exit status 0"));
      assertThat(watchdog.get("/").body()).isEqualTo("served");
      daemon = Long.parseLong(Files.readString(pid).strip());
    }
    await()
        .until(
            () -> {
              Path stat = Path.of("/proc/" + daemon + "/stat");
              return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
            });
  }

  @Test
  void processThatIgnoresSigterm_isKilledAndTold() throws Exception {
    Path ready = folder.resolve("ready");
    var watchdog =
        RunningWatchdog.mode(
            "http",
            folder,
            script(folder, "trap '' TERM; touch " + ready + "; while :; do sleep 1; done"),
            "upstream_url",
            "http://127.0.0.1:" + port,
            "write_timeout",
            "200ms");
    await().until(() -> Files.exists(ready));
    watchdog.server().beginStop();
    watchdog.close();

    assertThat(watchdog.log()).contains("it ignores SIGTERM, write_timeout has passed");
  }

  @Test
  void sigterm_reachesTheProcessAtOnce() throws Exception {
    Path ready = folder.resolve("ready");
    try (var watchdog =
        RunningWatchdog.mode(
            "http",
            folder,
            script(
                folder,
                "trap 'echo bye >&2; exit 0' TERM; touch "
                    + ready
                    + "; while :; do sleep 0.01; done"),
            "upstream_url",
            "http://127.0.0.1:" + port)) {
      await().until(() -> Files.exists(ready));
      watchdog.server().beginStop();

      await().untilAsserted(() -> assertThat(watchdog.log()).contains("stderr: bye\n"));
    }
  }

  @Test
  void missingProgram_stopsTheStart() {
    assertThatThrownBy(
            () ->
                RunningWatchdog.mode(
                    "http", folder, "no-such-program", "upstream_url", "http://127.0.0.1:1"))
        .hasMessage("command not found: no-such-program");
  }

  @Test
  void takenPort_startsNothing() throws Exception {
    Path started = folder.resolve("pid");
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(
              () ->
                  RunningWatchdog.mode(
                      "http",
                      folder,
                      script(folder, "echo $$ > " + started + "; exec sleep 1000"),
                      "port",
                      "" + taken.getLocalPort(),
                      "upstream_url",
                      "http://127.0.0.1:1"))
          .hasMessage(
              "port %d is in use by another program (expected: a free one; set port, 0 takes any)"
                  .formatted(taken.getLocalPort()));
    }
    assertThat(folder.resolve(".lock")).doesNotExist();
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
