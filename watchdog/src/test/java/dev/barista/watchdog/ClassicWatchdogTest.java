package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ClassicWatchdogTest {

  private static final String LOG_TIME = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d ";

  @TempDir Path folder;

  @Test
  void exitZero_is200WithOutputAndDuration() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "cat")) {
      HttpResponse<String> answer = watchdog.post("/", "hello", "Content-Type", "text/x-test");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/x-test");
      assertThat(answer.headers().firstValue("X-Duration-Seconds").orElseThrow())
          .matches("\\d+\\.\\d{6}");
      assertThat(watchdog.log())
          .containsPattern("(?m)^" + LOG_TIME + "Forking fprocess\\.$")
          .containsPattern("(?m)^" + LOG_TIME + "Wrote 5 Bytes - Duration: \\d+\\.\\d{6}s$");
    }
  }

  @Test
  void exitOther_is500WithStatusAndOutput() throws Exception {
    String function = script(folder, "echo out; echo err >&2; exit 3");
    try (var watchdog = RunningWatchdog.start(folder, function)) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("exit status 3\nout\nerr\n");
      assertThat(answer.headers().firstValue("X-Duration-Seconds")).isEmpty();
    }
  }

  @Test
  void missingProgram_is500NamingIt() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "no-such-program")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("command not found: no-such-program\n");
    }
  }

  @Test
  void methods_areThoseOfTheClassicWatchdog() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "printenv Http_Method")) {
      for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
        assertThat(watchdog.send("/", method, BodyPublishers.noBody()).body())
            .isEqualTo(method + "\n");
      }
      for (String method : List.of("HEAD", "OPTIONS", "TRACE", "BREW")) {
        HttpResponse<String> refused = watchdog.send("/", method, BodyPublishers.noBody());
        assertThat(refused.statusCode()).as(method).isEqualTo(405);
        assertThat(refused.body()).isEmpty();
      }
    }
  }

  @Test
  void requestHead_isInTheEnvironment() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "env", "GREETING", "hi")) {
      String environment = watchdog.post("/a%20b/c?x=1&y=%20", "12345", "x-call-id", "id 7").body();

      assertThat(environment.lines())
          .contains(
              "GREETING=hi",
              "Http_X_Call_Id=id 7",
              "Http_Method=POST",
              "Http_Path=/a b/c",
              "Http_Query=x=1&y=%20",
              "Http_Content_Length=5",
              "Http_ContentLength=5",
              "Http_Host=127.0.0.1:" + watchdog.port())
          .noneMatch(line -> line.startsWith("BARISTA_"));
    }
  }

  @Test
  void chunkedBody_hasUnknownLength() throws Exception {
    String function = script(folder, "cat; env | grep -E '^Http_(Content|Transfer)' | sort");
    try (var watchdog = RunningWatchdog.start(folder, function)) {
      var body = BodyPublishers.fromPublisher(BodyPublishers.ofString("chunks\n"));

      assertThat(watchdog.send("/", "POST", body).body())
          .isEqualTo(
              """
              chunks
              Http_ContentLength=-1
              Http_Content_Length=-1
              Http_Transfer_Encoding=chunked
              """);
    }
  }

  @Test
  void cgiHeadersOff_givesNoVariables() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "env", "cgi_headers", "false")) {
      assertThat(watchdog.get("/").body()).doesNotContain("Http_");
    }
  }

  @Test
  void pathWithLineBreak_isRefused() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "env")) {
      HttpResponse<String> answer = watchdog.get("/a%0aEVIL=1");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("line break");
    }
  }

  @Test
  void tenMegabytes_passBothWays() throws Exception {
    var body = new byte[10 << 20];
    new Random(7).nextBytes(body);
    try (var watchdog = RunningWatchdog.start(folder, "cat")) {
      var request =
          HttpRequest.newBuilder(watchdog.uri("/")).POST(BodyPublishers.ofByteArray(body)).build();
      HttpResponse<byte[]> answer = watchdog.client().send(request, BodyHandlers.ofByteArray());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(Arrays.equals(answer.body(), body)).isTrue();
      assertThat(filesIn(folder)).containsExactly(".lock");
    }
  }

  @Test
  void largeOutputOfAFailure_isKeptWhole() throws Exception {
    String function = script(folder, "head -c 1000000 /dev/zero | tr '\\0' x; exit 1");
    try (var watchdog = RunningWatchdog.start(folder, function)) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("exit status 1\n" + "x".repeat(1_000_000));
    }
  }

  @Test
  void functionThatReadsNoBody_isNoFailure() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "echo done")) {
      for (int size : List.of(1, 60_000, 3 << 20)) {
        HttpResponse<String> answer = watchdog.post("/", "x".repeat(size));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("done\n");
      }
    }
  }

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

  @Test
  void marshalRequest_givesHeadAndBodyAsJson() throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, "cat", "marshal_request", "true")) {
      String json = watchdog.post("/", "hello", "x-quote", "say \"hi\"").body();

      assertThat(json)
          .startsWith("{\"header\":{")
          .contains("\"X-Quote\":[\"say \\\"hi\\\"\"]")
          .endsWith("},\"body\":{\"raw\":\"aGVsbG8=\"}}");
    }
  }

  @Test
  void combineOutputOff_answersStdoutOnly() throws Exception {
    String function = script(folder, "echo out; echo err >&2");
    try (var watchdog = RunningWatchdog.start(folder, function, "combine_output", "false")) {
      assertThat(watchdog.get("/").body()).isEqualTo("out\n");
    }
  }

  @Test
  void contentType_isSetElseGuessed() throws Exception {
    String function = script(folder, "echo '<html> </html>'");
    try (var guessing = RunningWatchdog.start(folder, function)) {
      assertThat(guessing.get("/").headers().firstValue("Content-Type"))
          .contains("text/html; charset=utf-8");
    }
    try (var told = RunningWatchdog.start(folder, function, "content_type", "application/x-y")) {
      assertThat(told.post("/", "", "Content-Type", "text/a").headers().firstValue("Content-Type"))
          .contains("application/x-y");
    }
  }

  @Test
  void writeDebug_logsTheAnswerItself() throws Exception {
    try (var watchdog =
        RunningWatchdog.start(folder, "echo shown", "write_debug", "true", "debug_headers", "1")) {
      watchdog.post("/", "x", "X-Test", "value");

      assertThat(watchdog.log())
          .contains("shown\n")
          .contains("X-Test: value")
          .containsPattern("(?m)^" + LOG_TIME + "Duration: \\d+\\.\\d{6}s$")
          .doesNotContain("Wrote");
    }
  }

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

      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + watchdog.metricsPort() + "/metrics"))
              .build();
      String scrape = watchdog.client().send(request, BodyHandlers.ofString()).body();

      assertThat(scrape)
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

  private static List<String> filesIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static long openDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private static void awaitGone(long pid) {
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
  }
}
