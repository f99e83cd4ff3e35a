package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.readUntil;
import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process of mode http: its start, its listening and its end. */
@Timeout(120)
class HttpWatchdogProcessTest extends HttpWatchdogFixture {

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
}
