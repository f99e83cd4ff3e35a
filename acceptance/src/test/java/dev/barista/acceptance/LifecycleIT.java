package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping, being killed: what a restart brings back, what an end leaves behind. */
class LifecycleIT {

  private static final String CAT =
      "{\"service\":\"cat\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"cat\"}";
  private static final String SLOW =
      "{\"service\":\"slow\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"sleep 2\"}";

  @TempDir Path data;

  @Test
  void restart_alsoAfterKill_bringsEveryFunctionBack() {
    try (Barista first = Barista.start(data)) {
      assertThat(first.deploy(CAT).statusCode()).isEqualTo(202);
      assertThat(first.invoke("cat", "one").body()).isEqualTo("one");
      first.kill();
    }

    try (Barista second = Barista.start(data)) {
      assertThat(second.invoke("cat", "two").body()).isEqualTo("two");
      assertThat(second.terminate()).isZero();
    }

    try (Barista third = Barista.start(data)) {
      assertThat(third.invoke("cat", "three").body()).isEqualTo("three");
    }
  }

  @Test
  void end_leavesNoProcess_afterTerminateAndAfterKill() throws IOException {
    Barista first = Barista.start(data);
    first.deploy(CAT);
    first.invoke("cat", "x");
    assertThat(Processes.mentioning(data.toString())).isNotEmpty();

    assertThat(first.terminate()).isZero();
    assertThat(Processes.mentioning(data.toString())).isEmpty();

    Barista second = Barista.start(data);
    second.invoke("cat", "x");
    second.kill();
    patiently().untilAsserted(() -> assertThat(Processes.mentioning(data.toString())).isEmpty());
  }

  @Test
  void secondServe_onTheSameData_isRefused() {
    try (Barista first = Barista.start(data)) {
      CommandResult second =
          CommandResult.of(
              data,
              "",
              Map.of(),
              "serve",
              "--port",
              "0",
              "--metrics-port",
              "0",
              "--data",
              data.toString());

      assertThat(second.exitCode()).isNotZero();
      assertThat(second.err() + second.out()).contains(data.toString()).containsIgnoringCase("use");
      assertThat(first.send(first.request("/healthz")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void terminate_letsCallsInFlightEnd() {
    Barista barista = Barista.start(data);
    barista.deploy(SLOW);
    assertThat(barista.invoke("slow", "").statusCode()).isEqualTo(200);
    CompletableFuture<HttpResponse<String>> call =
        barista.sendAsync(barista.request("/function/slow").POST(BodyPublishers.ofString("")));
    patiently()
        .until(
            () ->
                barista
                    .metrics()
                    .contains(
                        "gateway_function_invocation_started{function_name=\"slow.openfaas-fn\"}"
                            + " 2"));

    int exitCode = barista.terminating().join();

    assertThat(call.join().statusCode()).isEqualTo(200);
    assertThat(exitCode).isZero();
  }

  @Test
  void firstStart_makesAPasswordThatOnlyTheOwnerReads() throws IOException {
    try (Barista barista = Barista.start(data)) {
      Path password = data.resolve("secrets/basic-auth-password");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
          .isEqualTo("rw-------");
      assertThat(barista.password().length()).isGreaterThanOrEqualTo(20);
      assertThat(String.join("\n", barista.output())).doesNotContain(barista.password());
    }
  }

  @Test
  void faultySettings_areToldTogether() {
    CommandResult result =
        CommandResult.of(
            data,
            "",
            Map.of("BARISTA_UPSTREAM_TIMEOUT", "soon"),
            "serve",
            "--port",
            "70000",
            "--data",
            data.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("70000").contains("soon");
  }

  @Test
  void authNone_onAForeignAddress_needsInsecure() {
    CommandResult result =
        CommandResult.of(
            data,
            "",
            Map.of(),
            "serve",
            "--host",
            "0.0.0.0",
            "--port",
            "0",
            "--auth",
            "none",
            "--data",
            data.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--insecure");
  }
}
