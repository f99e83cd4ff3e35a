package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.readUntil;
import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StreamingWatchdogTest {

  @TempDir Path folder;

  @Test
  void answer_isTheOutput_withoutDuration() throws Exception {
    try (var watchdog = RunningWatchdog.mode("streaming", folder, "cat")) {
      HttpResponse<String> answer = watchdog.post("/", "hello", "Content-Type", "text/x-test");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
      assertThat(answer.headers().firstValue("X-Duration-Seconds")).isEmpty();
      assertThat(watchdog.get("/").body()).isEmpty();
    }
  }

  @Test
  void otherExit_isStill200_andTold() throws Exception {
    String function = script(folder, "echo out; echo why >&2; exit 3");
    try (var watchdog =
        RunningWatchdog.mode("streaming", folder, function, "content_type", "a/b")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("out\n");
      assertThat(answer.headers().firstValue("Content-Type")).contains("a/b");
      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .contains("Failed: exit status 3")
                      .containsPattern("\\d\\d:\\d\\d:\\d\\d stderr: why\n"));
    }
  }

  /** Else whoever calls could fill the watchdog's memory, and Prometheus's. */
  @Test
  void methodsThatClientsMakeUp_areOneSeries() throws Exception {
    try (var watchdog = RunningWatchdog.mode("streaming", folder, "cat")) {
      for (String method : List.of("OPTIONS", "M1", "M2", "get")) {
        watchdog.send("/", method, BodyPublishers.noBody());
      }

      HttpResponse<String> scrape = watchdog.scrape();

      assertThat(scrape.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(scrape.body().lines().filter(line -> line.startsWith("http_requests_total")))
          .containsExactly(
              "http_requests_total{code=\"200\",method=\"options\"} 1",
              "http_requests_total{code=\"200\",method=\"unknown\"} 3");
    }
  }

  @Test
  void missingProgram_isTold() throws Exception {
    try (var watchdog = RunningWatchdog.mode("streaming", folder, "no-such-program")) {
      HttpResponse<String> answer = watchdog.post("/", "x");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("command not found: no-such-program\n");
    }
  }

  @Test
  void everyMethod_isTaken_withTheVariablesOfOfWatchdog() throws Exception {
    try (var watchdog = RunningWatchdog.mode("streaming", folder, "env")) {
      String environment =
          watchdog.send("/p?q=1", "OPTIONS", BodyPublishers.ofString("12345")).body();

      assertThat(environment.lines())
          .contains(
              "Http_Method=OPTIONS", "Http_Path=/p", "Http_Query=q=1", "Http_Content_Length=5")
          .noneMatch(line -> line.startsWith("Http_Host=") || line.startsWith("Http_ContentL"));
    }
  }

  /** The client reads the first line while the process waits for the rest of the body. */
  @Test
  void bothDirections_flowAtTheSameTime() throws Exception {
    String function = script(folder, "while read line; do echo \"got $line\"; done");
    try (var watchdog = RunningWatchdog.mode("streaming", folder, function);
        var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
      var out = socket.getOutputStream();
      out.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
      out.write("4\r\none\n\r\n".getBytes(UTF_8));
      readUntil(socket, "got one\n");
      out.write("4\r\ntwo\n\r\n".getBytes(UTF_8));
      readUntil(socket, "got two\n");
      out.write("0\r\n\r\n".getBytes(UTF_8));
      readUntil(socket, "\r\n0\r\n\r\n");
    }
  }

  /** The client of the JDK reads no answer before its body is sent: over a plain socket. */
  @Test
  void largeBody_comesBackWhole() throws Exception {
    byte[] body = new byte[40 << 20];
    new Random(7).nextBytes(body);
    try (var watchdog = RunningWatchdog.mode("streaming", folder, "cat");
        var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
      var out = socket.getOutputStream();
      String head = "POST / HTTP/1.0\r\nHost: h\r\nContent-Length: " + body.length + "\r\n\r\n";
      out.write(head.getBytes(UTF_8));
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  out.write(body);
                } catch (IOException failure) {
                  throw new UncheckedIOException(failure);
                }
              });

      readUntil(socket, "\r\n\r\n");
      byte[] answer = socket.getInputStream().readAllBytes();

      sent.join();
      assertThat(answer.length).isEqualTo(body.length);
      assertThat(Arrays.equals(answer, body)).isTrue();
    }
  }

  /** Endless output for a client that doesn't read: the process is held up, nothing is kept. */
  @Test
  void slowReader_holdsTheProcessUp() throws Exception {
    String function =
        script(
            folder,
            "i=0; while [ $i -lt 300 ]; do head -c 1048576 /dev/zero; i=$((i+1)); echo $i >"
                + folder.resolve("written")
                + "; done");
    try (var watchdog = RunningWatchdog.mode("streaming", folder, function)) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(UTF_8));
        readUntil(socket, "200 OK");
        await().until(() -> isSettled());

        // The kernel's buffers of the socket and of the pipe take a few.
        assertThat(written()).isLessThan(100);
      }
      await().untilAsserted(() -> assertThat(watchdog.log()).contains("nobody waits"));
    }
  }

  /** A process that reads nothing: the client is held up. */
  @Test
  void unreadBody_isDroppedAtTheEnd() throws Exception {
    try (var watchdog = RunningWatchdog.mode("streaming", folder, script(folder, "echo no"))) {
      byte[] body = new byte[200 << 10];

      HttpResponse<String> answer = watchdog.send("/", "POST", BodyPublishers.ofByteArray(body));

      assertThat(answer.body()).isEqualTo("no\n");
    }
  }

  @Test
  void timeoutBeforeTheFirstByte_is504() throws Exception {
    try (var watchdog =
        RunningWatchdog.mode("streaming", folder, "sleep 100", "exec_timeout", "200ms")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.headers().firstValue("X-OpenFaaS-Internal")).contains("of-watchdog");
      assertThat(answer.body()).contains("exec_timeout (0.2s)");
    }
  }

  @Test
  void timeoutAfterTheFirstByte_cutsTheAnswer() throws Exception {
    String function = script(folder, "echo begun; sleep 100");
    try (var watchdog =
        RunningWatchdog.mode("streaming", folder, function, "exec_timeout", "500ms")) {
      assertThatThrownBy(() -> watchdog.get("/")).isInstanceOf(IOException.class);
      assertThat(watchdog.log()).contains("Killed process: exec_timeout (0.5s) has passed.");
    }
  }

  @Test
  void clientThatLeaves_endsTheProcessAndItsGroup() throws Exception {
    Path pid = folder.resolve("pid");
    String function = script(folder, "sleep 1000 & echo $! >" + pid + "; echo here; wait");
    try (var watchdog = RunningWatchdog.mode("streaming", folder, function)) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(UTF_8));
        readUntil(socket, "here");
        socket.setSoLinger(true, 0);
      }
      long child = Long.parseLong(Files.readString(pid).strip());
      await().until(() -> ProcessHandle.of(child).isEmpty() || isZombie(child));
    }
  }

  private static boolean isZombie(long pid) throws IOException {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (java.nio.file.NoSuchFileException _) {
      return true;
    }
  }

  private int written() throws IOException {
    Path file = folder.resolve("written");
    String text = Files.exists(file) ? Files.readString(file).strip() : "";
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  // Mutable state of isSettled
  private int before = -1;

  private boolean isSettled() throws IOException {
    int now = written();
    boolean settled = now == before;
    before = now;
    return settled;
  }
}
