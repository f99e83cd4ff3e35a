package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a call of the classic watchdog gives its process, and what it answers. */
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

  private static List<String> filesIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
