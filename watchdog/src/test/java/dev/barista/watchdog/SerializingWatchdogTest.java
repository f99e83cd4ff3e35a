package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SerializingWatchdogTest {

  private static final String SECONDS = "\\d+\\.\\d{6}";

  @TempDir Path folder;

  @Test
  void exitZero_isTheOutputWithDuration() throws Exception {
    try (var watchdog = RunningWatchdog.mode("serializing", folder, "cat")) {
      HttpResponse<String> answer = watchdog.post("/", "hello");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
      assertThat(answer.headers().firstValue("X-Duration-Seconds").orElseThrow()).matches(SECONDS);
    }
  }

  @Test
  void otherExit_is500WithTheErrorAlone() throws Exception {
    String function = script(folder, "echo out; echo why >&2; exit 1");
    try (var watchdog = RunningWatchdog.mode("serializing", folder, function)) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("exit status 1");
      assertThat(answer.headers().firstValue("X-Duration-Seconds").orElseThrow()).matches(SECONDS);
      await().untilAsserted(() -> assertThat(watchdog.log()).contains("stderr: why\n"));
    }
  }

  @Test
  void timeout_is500Killed() throws Exception {
    try (var watchdog =
        RunningWatchdog.mode("serializing", folder, "sleep 100", "exec_timeout", "100ms")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("signal: killed");
      assertThat(watchdog.log()).contains("Killed process: exec_timeout (0.1s) has passed.");
    }
  }

  @Test
  void functionProcess_goesBeforeFprocess() throws Exception {
    try (var watchdog =
        RunningWatchdog.mode("serializing", folder, "false", "function_process", "echo mine")) {
      assertThat(watchdog.get("/").body()).isEqualTo("mine\n");
    }
  }

  @Test
  void tooLargeHead_isToldInASentence() throws Exception {
    try (var watchdog = RunningWatchdog.mode("serializing", folder, "cat")) {
      HttpResponse<String> answer = watchdog.post("/", "x", "X-Large", "x".repeat(140_000));

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body())
          .isEqualTo("arguments and environment of cat are too large for this system");
    }
  }

  @Test
  void longLines_areCutAtTheBufferSize() throws Exception {
    String function = script(folder, "printf '%s\\n' 1234567890123 >&2");
    try (var watchdog =
        RunningWatchdog.mode("serializing", folder, function, "log_buffer_size", "5")) {
      watchdog.get("/");

      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .containsPattern("stderr: 12345\n.*stderr: 67890\n.*stderr: 123\n"));
    }
  }
}
