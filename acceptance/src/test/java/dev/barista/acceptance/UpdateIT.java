package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A function is replaced and scaled while it is being called: no caller notices. */
@ExtendWith(SharedBarista.class)
class UpdateIT {

  private static final int CALLERS = 4;

  /** The calls are a load that the built-in rule would scale, were they to go on for seconds. */
  private static final String BY_HAND_ONLY = "{\"com.openfaas.scale.factor\":\"0\"}";

  private final Barista barista;

  UpdateIT(Barista barista) {
    this.barista = barista;
  }

  private static String deployment(String name, String version) {
    return "{\"service\":\"%s\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"printenv version\",\"envVars\":{\"version\":\"%s\"},\"labels\":%s}"
        .formatted(name, version, BY_HAND_ONLY);
  }

  @Test
  void update_scaleUpAndDown_failNoCall() throws Exception {
    barista.deploy(deployment("updated", "one"));
    assertThat(barista.invoke("updated", "").body().strip()).isEqualTo("one");

    List<HttpResponse<String>> answers =
        whileCalling(
            "updated",
            () -> {
              assertThat(barista.update(deployment("updated", "two")).statusCode()).isEqualTo(202);
              awaitAnswer("updated", "two");
              barista.scale("updated", 3);
              awaitReady("updated", 3);
              barista.scale("updated", 1);
              awaitReady("updated", 1);
            });

    assertThat(answers).isNotEmpty().allMatch(answer -> answer.statusCode() == 200);
    assertThat(answers).extracting(answer -> answer.body().strip()).contains("one", "two");
    barista.delete("updated");
  }

  @Test
  void failedUpdate_leavesTheRunningVersionServing() {
    barista.deploy(deployment("kept", "one"));
    assertThat(barista.invoke("kept", "").body().strip()).isEqualTo("one");

    assertThat(
            barista
                .update("{\"service\":\"kept\",\"image\":\"no/such:image\",\"envProcess\":\"cat\"}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            barista
                .update(
                    "{\"service\":\"kept\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"false\",\"envVars\":{\"mode\":\"http\"}}")
                .statusCode())
        .isIn(202, 400);

    patiently()
        .during(Duration.ofSeconds(2))
        .until(() -> barista.invoke("kept", "").body().strip().equals("one"));
    barista.delete("kept");
  }

  @Test
  void scaleToZero_thenOneCall_startsItAgain() {
    barista.deploy(deployment("sleepy", "one"));
    barista.invoke("sleepy", "");
    assertThat(barista.scale("sleepy", 0).statusCode()).isEqualTo(202);
    patiently().until(() -> !barista.status("sleepy").contains("\"availableReplicas\""));
    assertThat(barista.status("sleepy")).doesNotContain("\"replicas\"");

    HttpResponse<String> answer = barista.invoke("sleepy", "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(barista.status("sleepy")).contains("\"replicas\":1");
    barista.delete("sleepy");
  }

  private interface Step {
    void run() throws Exception;
  }

  private List<HttpResponse<String>> whileCalling(String function, Step step) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    List<HttpResponse<String>> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<List<HttpResponse<String>>>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        running.add(callers.submit(() -> callUntil(function, enough)));
      }
      try {
        step.run();
      } finally {
        enough.set(true);
      }
      for (Future<List<HttpResponse<String>>> caller : running) {
        answers.addAll(caller.get());
      }
    }
    return answers;
  }

  private List<HttpResponse<String>> callUntil(String function, AtomicBoolean enough) {
    List<HttpResponse<String>> answers = new ArrayList<>();
    while (!enough.get()) {
      answers.add(barista.invoke(function, ""));
    }
    return answers;
  }

  private void awaitAnswer(String function, String expected) {
    patiently().until(() -> barista.invoke(function, "").body().strip().equals(expected));
  }

  private void awaitReady(String function, int replicas) {
    patiently().until(() -> barista.status(function).contains("\"availableReplicas\":" + replicas));
  }
}
