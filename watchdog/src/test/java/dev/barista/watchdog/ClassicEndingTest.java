package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a call of the classic watchdog ends before its process wants to, and who may not begin. */
@Timeout(120)
class ClassicEndingTest {

  @TempDir Path folder;

  @Test
  void execTimeout_is408AndKillsGrandchildren() throws Exception {
    Path pids = folder.resolve("pids");
    String function =
        script(folder, "sleep 1000 & echo $! >>" + pids + "; echo $$ >>" + pids + "; wait");
    try (var watchdog = RunningWatchdog.start(folder, function, "exec_timeout", "400ms")) {
      HttpResponse<String> answer = watchdog.post("/", "x");

      assertThat(answer.statusCode()).isEqualTo(408);
      assertThat(answer.body()).isEqualTo("Killed process.\n");
      List<String> started = Files.readAllLines(pids);
      assertThat(started).hasSize(2);
      started.forEach(pid -> awaitGone(Long.parseLong(pid)));
    }
  }

  @Test
  void grandchildOutsideTheGroup_doesNotHoldTheTimeout() throws Exception {
    Path pid = folder.resolve("pid");
    String function = script(folder, "setsid sleep 1000 & echo $! >" + pid + "; wait");
    try (var watchdog = RunningWatchdog.start(folder, function, "exec_timeout", "400ms")) {
      assertThat(watchdog.get("/").statusCode()).isEqualTo(408);
    } finally {
      ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void execTimeoutWhileTheBodyIsWritten_is408() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "sleep 1000", "exec_timeout", "400ms")) {
      assertThat(watchdog.post("/", "x".repeat(1 << 20)).statusCode()).isEqualTo(408);
    }
  }

  @Test
  void writeTimeout_is504NamingTheSetting() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "sleep 1000", "write_timeout", "400ms")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.body()).contains("write_timeout (0.4s)");
    }
  }

  @Test
  void clientGone_killsTheProcess() throws Exception {
    Path pid = folder.resolve("pid");
    String function =
        script(folder, "echo $$ >" + pid + ".part; mv " + pid + ".part " + pid + "; sleep 1000");
    try (var watchdog = RunningWatchdog.start(folder, function)) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
        await().until(() -> Files.exists(pid));
      }

      awaitGone(Long.parseLong(Files.readString(pid).strip()));
    }
  }

  @Test
  void maxInflight_refusesTheExcess() throws Exception {
    Path gate = folder.resolve("gate");
    String function =
        script(
            folder, "touch " + gate + ".waits; while [ ! -e " + gate + " ]; do sleep 0.01; done");
    try (var watchdog = RunningWatchdog.start(folder, function, "max_inflight", "1")) {
      var request = HttpRequest.newBuilder(watchdog.uri("/")).build();
      CompletableFuture<HttpResponse<Void>> first =
          watchdog.client().sendAsync(request, BodyHandlers.discarding());
      await().until(() -> Files.exists(folder.resolve("gate.waits")));

      HttpResponse<String> second = watchdog.get("/");
      HttpResponse<String> ready = watchdog.get("/_/ready");
      HttpResponse<String> health = watchdog.get("/_/health");
      Files.createFile(gate);

      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.body())
          .isEqualTo("Concurrent request limit exceeded. Max concurrent requests: 1\n");
      assertThat(second.headers().firstValue("Content-Type")).contains("text/plain");
      assertThat(second.headers().firstValue("X-OpenFaaS-Internal")).contains("faas-middleware");
      assertThat(ready.statusCode()).isEqualTo(429);
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(first.join().statusCode()).isEqualTo(200);
      assertThat(watchdog.get("/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void clientThatLeavesWithinItsBody_givesItsPlaceBack() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "cat", "max_inflight", "1")) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
        socket
            .getOutputStream()
            .write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab".getBytes(UTF_8));
        await().until(() -> watchdog.get("/_/ready").statusCode() == 429);
      }

      await().until(() -> watchdog.get("/_/ready").statusCode() == 200);
      assertThat(watchdog.post("/", "next").body()).isEqualTo("next");
    }
  }

  private static void awaitGone(long pid) {
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
  }
}
