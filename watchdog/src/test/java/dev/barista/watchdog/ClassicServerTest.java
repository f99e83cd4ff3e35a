package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The classic watchdog itself: its health, its metrics, its stop, and what calls leave behind. */
@Timeout(120)
class ClassicServerTest {

  @TempDir Path folder;

  @Test
  void health_followsTheLockFile() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "cat")) {
      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(200);
      assertThat(watchdog.get("/_/health").body()).isEqualTo("OK");
      assertThat(Files.getPosixFilePermissions(watchdog.lockFile())).hasSize(4);
      assertThat(watchdog.post("/_/health", "").statusCode()).isEqualTo(405);

      Files.delete(watchdog.lockFile());

      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(503);
      assertThat(watchdog.get("/_/ready").statusCode()).isEqualTo(503);
      assertThat(watchdog.post("/", "still called").body()).isEqualTo("still called");
    }
  }

  @Test
  void suppressLock_writesNoFileAndIsNeverHealthy() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "cat", "suppress_lock", "true")) {
      assertThat(watchdog.lockFile()).doesNotExist();
      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void stop_finishesRunningCallsAndRefusesNewOnes() throws Exception {
    Path gate = folder.resolve("gate");
    String function =
        script(
            folder,
            "touch " + gate + ".waits; while [ ! -e " + gate + " ]; do sleep 0.01; done; echo end");
    try (var watchdog = RunningWatchdog.start(folder, function)) {
      var request = HttpRequest.newBuilder(watchdog.uri("/")).build();
      CompletableFuture<HttpResponse<String>> running =
          watchdog.client().sendAsync(request, BodyHandlers.ofString());
      await().until(() -> Files.exists(folder.resolve("gate.waits")));

      watchdog.server().beginStop();
      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(503);
      assertThat(watchdog.lockFile()).doesNotExist();
      Files.createFile(gate);
      watchdog.server().drain();

      assertThat(running.join().body()).isEqualTo("end\n");
    }
  }

  @Test
  void metrics_countCallsByStatusAndMethod() throws Exception {
    String function = script(folder, "exit $(cat)");
    try (var watchdog = RunningWatchdog.start(folder, function)) {
      watchdog.post("/", "0");
      watchdog.post("/", "0");
      watchdog.post("/", "1");

      assertThat(watchdog.scrape().body())
          .contains("http_requests_total{code=\"200\",method=\"post\"} 2\n")
          .contains("http_requests_total{code=\"500\",method=\"post\"} 1\n")
          .contains(
              "http_request_duration_seconds_bucket{code=\"200\",method=\"post\",le=\"+Inf\"} 2")
          .contains("http_requests_in_flight 0\n");
    }
  }

  @Test
  void unixSocket_isListenedOn() throws Exception {
    Path socket = folder.resolve("socket");
    try (var watchdog =
            RunningWatchdog.start(
                folder, "env", "BARISTA_SOCKET", socket.toString(), "BARISTA_METRICS_PORT", "");
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(watchdog.server().metricsAddress()).isEmpty();
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(
          ByteBuffer.wrap(
              "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8)));
      var answer = ByteBuffer.allocate(64 << 10);
      while (channel.read(answer) > 0) {
        // Until it closes.
      }

      assertThat(UTF_8.decode(answer.flip()).toString())
          .startsWith("HTTP/1.1 200 OK")
          .contains("Http_Method=GET")
          .doesNotContain("BARISTA_SOCKET");
    }
  }

  @Test
  void function_seesNoDescriptorOfTheWatchdog() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "ls /proc/self/fd")) {
      // 3 is the folder that ls itself lists.
      assertThat(watchdog.post("/", "x").body()).isEqualTo("0\n1\n2\n3\n");
    }
  }

  @Test
  void manyCalls_leaveNoDescriptorAndNoZombie() throws Exception {
    String failing = script(folder, "exit 1");
    try (var good = RunningWatchdog.start(folder, "cat");
        var bad = RunningWatchdog.start(Files.createDirectory(folder.resolve("b")), failing)) {
      good.post("/", "warm");
      bad.post("/", "warm");
      long before = openDescriptors();

      var calls = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 150; i++) {
        var watchdog = i % 3 == 0 ? bad : good;
        var request =
            HttpRequest.newBuilder(watchdog.uri("/")).POST(BodyPublishers.ofString("x")).build();
        calls.add(watchdog.client().sendAsync(request, BodyHandlers.ofString()));
        if (i % 10 == 9) {
          calls.forEach(CompletableFuture::join);
        }
      }

      assertThat(calls).allMatch(call -> List.of(200, 500).contains(call.join().statusCode()));
      assertThat(ProcessHandle.current().children().toList()).isEmpty();
      // The clients keep up to 9 further connections each, with an end on either side.
      assertThat(openDescriptors()).isLessThan(before + 2 * 2 * 10);
    }
  }

  private static long openDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
