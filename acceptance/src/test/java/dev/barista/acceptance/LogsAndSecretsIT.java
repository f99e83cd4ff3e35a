package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What replicas wrote, and secrets, as OpenFaaS's clients use both. */
@ExtendWith(SharedBarista.class)
class LogsAndSecretsIT {

  private final Barista barista;

  LogsAndSecretsIT(Barista barista) {
    this.barista = barista;
  }

  private List<String> logs(String query) {
    HttpResponse<String> answer = barista.send(barista.admin("/system/logs?" + query));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    return answer.body().lines().toList();
  }

  /** OpenFaaS's certifier reads the same from its cat function. */
  @Test
  void logs_tellOfEachCallOfAClassicFunction() {
    barista.deploy(
        "{\"service\":\"logged\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"cat\"}");
    barista.invoke("logged", "one");
    barista.invoke("logged", "three");

    patiently()
        .untilAsserted(
            () -> {
              String text = String.join("\n", logs("name=logged"));
              assertThat(text).contains("Forking fprocess", "Wrote 3 Bytes", "Wrote 5 Bytes");
            });
    assertThat(logs("name=logged&tail=1")).hasSize(1);
    assertThat(logs("name=logged"))
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("{\"name\":\"logged\",\"namespace\":\"openfaas-fn\",\"instance\":")
                    .contains("\"timestamp\":\"20"));
    barista.delete("logged");
    assertThat(barista.send(barista.admin("/system/logs?name=logged")).statusCode()).isEqualTo(404);
  }

  @Test
  void logs_areFollowed_alsoFromZeroReplicas() {
    barista.deploy(
        "{\"service\":\"followed\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"cat\"}");
    barista.invoke("followed", "x");
    HttpResponse<Stream<String>> follower =
        barista
            .sendAsync(
                barista.admin("/system/logs?name=followed&follow=true&tail=1"),
                BodyHandlers.ofLines())
            .join();
    try (Stream<String> lines = follower.body()) {
      Iterator<String> line = lines.iterator();
      line.next();
      barista.scale("followed", 0);
      barista.invoke("followed", "from zero");

      String next = line.next();
      while (!next.contains("Wrote 9 Bytes")) {
        next = line.next();
      }

      barista.delete("followed");
      while (line.hasNext()) {
        line.next(); // it ends with its function
      }
    }
  }

  private int secret(String method, String json) {
    return barista
        .send(barista.admin("/system/secrets").method(method, BodyPublishers.ofString(json)))
        .statusCode();
  }

  /** The steps of OpenFaaS's certifier. */
  @Test
  void secret_isReadByItsFunction_andAnUpdateByItsNextReplica() {
    String deployment =
        """
        {"service":"keeper","image":"functions/alpine:latest","secrets":["token"],\
        "envProcess":"cat /var/openfaas/secrets/token"}\
        """;
    assertThat(barista.deploy(deployment).statusCode()).isEqualTo(400);
    assertThat(secret("POST", "{\"name\":\"token\",\"value\":\"first\"}")).isEqualTo(202);
    assertThat(barista.deploy(deployment).statusCode()).isEqualTo(202);
    assertThat(barista.invoke("keeper", "").body()).isEqualTo("first");
    assertThat(barista.send(barista.admin("/system/secrets")).body())
        .contains("{\"name\":\"token\",\"namespace\":\"openfaas-fn\"}")
        .doesNotContain("first");

    byte[] bytes = {0, 1, -1, '\n'};
    String raw = Base64.getEncoder().encodeToString(bytes);
    assertThat(secret("PUT", "{\"name\":\"token\",\"rawValue\":\"" + raw + "\"}")).isEqualTo(202);
    assertThat(barista.update(deployment).statusCode()).isEqualTo(202);

    patiently()
        .untilAsserted(
            () ->
                assertThat(
                        barista
                            .sendAsync(
                                barista.request("/function/keeper").POST(BodyPublishers.noBody()),
                                BodyHandlers.ofByteArray())
                            .join()
                            .body())
                    .isEqualTo(bytes));
    assertThat(secret("DELETE", "{\"name\":\"token\"}")).isEqualTo(409);
    barista.delete("keeper");
    assertThat(secret("DELETE", "{\"name\":\"token\"}")).isEqualTo(202);
  }

  @Test
  void secretsAndLogs_surviveAKill(@TempDir Path data) {
    String deployment =
        """
        {"service":"keeper","image":"functions/alpine:latest","secrets":["token"],\
        "envProcess":"cat /var/openfaas/secrets/token"}\
        """;
    try (Barista first = Barista.start(data)) {
      first.send(
          first
              .admin("/system/secrets")
              .POST(BodyPublishers.ofString("{\"name\":\"token\",\"value\":\"kept\"}")));
      assertThat(first.deploy(deployment).statusCode()).isEqualTo(202);
      assertThat(first.invoke("keeper", "").body()).isEqualTo("kept");
      patiently()
          .until(
              () ->
                  first
                      .send(first.admin("/system/logs?name=keeper"))
                      .body()
                      .contains("Wrote 4 Bytes"));
      first.kill();
    }

    try (Barista second = Barista.start(data)) {
      assertThat(second.send(second.admin("/system/logs?name=keeper")).body())
          .contains("Wrote 4 Bytes");
      assertThat(second.invoke("keeper", "").body()).isEqualTo("kept");
    }
  }
}
