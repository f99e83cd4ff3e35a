package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that are none: a sentence at deploy, or in the status and in the call's answer. */
@ExtendWith(SharedBarista.class)
class WeirdFunctionsIT {

  private final Barista barista;

  WeirdFunctionsIT(Barista barista) {
    this.barista = barista;
  }

  private static String json(String name, String process, String more) {
    return "{\"service\":\"%s\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"%s\"%s}"
        .formatted(name, process, more);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|``|envProcess: nothing",
        "no-such-program|``|no-such-program",
        "./missing|``|./missing",
        "../../../bin/cat|``|../../../bin/cat",
        "cat|,\"envVars\":{\"mode\":\"turbo\"}|envVars.mode: \"turbo\"",
        "cat|,\"envVars\":{\"exec_timeout\":\"soon\"}|exec_timeout",
        "cat|,\"envVars\":{\"a b\":\"c\"}|envVars",
        "cat|,\"labels\":{\"\":\"c\"}|labels",
        "cat|,\"secrets\":[\"unknown\"]|secrets: \"unknown\"",
      })
  void deploymentThatCantRun_isRefusedWithASentence(String process, String more, String sentence) {
    HttpResponse<String> answer = barista.deploy(json("weird", process, more));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(sentence);
    assertThat(barista.send(barista.admin("/system/function/weird")).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "leaver   | true           | before it accepted a connection",
        "failer   | false          | exit status 1",
        "complain | ls /no-such    | exit status 2",
      })
  void programThatIsNoServer_isToldInStatusAndAnswer(String name, String process, String sentence) {
    assertThat(barista.deploy(json(name, process, ",\"envVars\":{\"mode\":\"http\"}")).statusCode())
        .isEqualTo(202);

    patiently().untilAsserted(() -> assertThat(barista.status(name)).contains(sentence));
    HttpResponse<String> answer = barista.invoke(name, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
    assertThat(answer.body()).contains(sentence);
    if (name.equals("complain")) {
      assertThat(barista.status(name)).contains("No such file");
      assertThat(barista.send(barista.admin("/system/logs?name=complain")).body())
          .contains("No such file");
    }
    assertThat(barista.delete(name).statusCode()).isEqualTo(202);
  }

  @Test
  void thousandsOfLabels_comeBack() {
    String labels =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "\"l%d\":\"v%d\"".formatted(i, i))
            .collect(Collectors.joining(",", ",\"labels\":{", "}"));

    HttpResponse<String> answer = barista.deploy(json("labelled", "cat", labels));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(barista.invoke("labelled", "hi").body()).isEqualTo("hi");
    assertThat(barista.status("labelled")).contains("\"l0\":\"v0\"", "\"l4999\":\"v4999\"");
    barista.delete("labelled");
  }

  @Test
  void largeEnvironment_arrives_andOneThatIsTooLargeIsRefused() {
    String fits = ",\"envVars\":{\"LARGE\":\"" + "x".repeat(120_000) + "\"}";
    String tooLarge = ",\"envVars\":{\"LARGE\":\"" + "x".repeat(140_000) + "\"}";

    HttpResponse<String> refused = barista.deploy(json("roomy", "env", tooLarge));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("envVars.LARGE", "140006 bytes");
    assertThat(barista.deploy(json("roomy", "env", fits)).statusCode()).isEqualTo(202);
    assertThat(barista.invoke("roomy", "").body()).contains("LARGE=" + "x".repeat(120_000));
    barista.delete("roomy");
  }
}
