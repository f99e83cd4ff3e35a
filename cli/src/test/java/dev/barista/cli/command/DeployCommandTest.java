package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import dev.barista.cli.FakeGateway;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployCommandTest extends GatewayVerbFixture {

  @Test
  void asJson_isOneListOfWhatWasDone_andSentencesGoElsewhere() throws IOException {
    Files.writeString(
        folder.resolve("stack.yml"),
        """
        provider: {name: openfaas}
        functions:
          one: {image: "functions/alpine:latest"}
          two: {image: "functions/alpine:latest"}
        """);
    gateway.answers(202, "").answers(400, "{\"message\":\"no\"}");

    Result result = user.types("deploy", "-o", "json");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("Deploying: one.", "Unexpected status: 400, message: no");
    assertThat(Json.objects(result.out()).orElseThrow())
        .extracting(JsonObject::members)
        .containsExactly(
            Map.of(
                "name",
                "one",
                "namespace",
                "openfaas-fn",
                "deployed",
                true,
                "status",
                BigDecimal.valueOf(202),
                "url",
                gateway.url() + "/function/one.openfaas-fn"),
            Map.of(
                "name",
                "two",
                "namespace",
                "openfaas-fn",
                "deployed",
                false,
                "status",
                BigDecimal.valueOf(400),
                "message",
                "no"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remove fn -o json | 202 |"
            + " [{\"name\":\"fn\",\"namespace\":\"openfaas-fn\",\"removed\":true}]",
        "remove fn -o json | 404 |"
            + " [{\"name\":\"fn\",\"namespace\":\"openfaas-fn\",\"removed\":false}]",
        "scale fn 3 -o json | 202 | {\"name\":\"fn\",\"namespace\":\"openfaas-fn\",\"replicas\":3}",
        "ready -o json | 200 |"
            + " {\"subject\":\"gateway\",\"ready\":true,\"looks\":1,\"reason\":\"\"}",
        "ready --attempts 1 -o json | 503 |"
            + " {\"subject\":\"gateway\",\"ready\":false,\"looks\":1,\"reason\":\"its health is"
            + " 503\"}",
        "secret create s --from-literal v -o json | 202"
            + " | {\"name\":\"s\",\"namespace\":\"openfaas-fn\",\"done\":\"created\"}",
        "secret update s --from-literal v -o json | 202"
            + " | {\"name\":\"s\",\"namespace\":\"openfaas-fn\",\"done\":\"updated\"}",
        "secret remove s -o json | 202"
            + " | {\"name\":\"s\",\"namespace\":\"openfaas-fn\",\"done\":\"removed\"}",
      })
  void whatWasDone_isJson(String line, int status, String json) {
    gateway.answers(status, "");

    Result result = user.types(line.split(" "));

    assertThat(result.out().replaceAll("\\s+(?=([^\"]*\"[^\"]*\")*[^\"]*$)", "")).isEqualTo(json);
  }

  @Test
  void newFunction_isUpdatedThenCreated() {
    gateway.answers(404, "").answers(202, "");

    Result result = user.types("deploy", "--name", "cat", "--image", "functions/alpine:latest");

    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                """
                Deploying: cat.

                Deployed. 202 Accepted.
                URL: GATEWAY/function/cat.openfaas-fn

                """
                    .replace("GATEWAY", gateway.url()),
                ""));
    assertThat(gateway.asked())
        .extracting(FakeGateway.Asked::method)
        .containsExactly("PUT", "POST");
    assertThat(gateway.asked().getLast().body())
        .isEqualTo(
            "{\"service\":\"cat\",\"image\":\"functions/alpine:latest\",\"labels\":{},"
                + "\"annotations\":{}}");
  }

  @Test
  void options_winOverTheStackFile() throws IOException {
    Files.writeString(
        folder.resolve("stack.yml"),
        """
        provider: {name: openfaas}
        functions:
          a:
            image: a:1
            environment: {x: "1", y: "2"}
            labels: {l: "1"}
            limits: {memory: 5Mi, cpu: 50m}
        """);
    gateway.answers(200, "");

    user.types(
        "deploy",
        "-n",
        "dev",
        "--fprocess",
        "cat",
        "-e",
        "x=9",
        "--label",
        "m=2",
        "--annotation",
        "t=3",
        "--secret",
        "s",
        "--constraint",
        "zone=a",
        "--cpu-limit",
        "100m",
        "--readonly");

    assertThat(gateway.asked().getFirst().body())
        .isEqualTo(
            "{\"service\":\"a\",\"image\":\"a:1\",\"namespace\":\"dev\",\"envProcess\":\"cat\","
                + "\"envVars\":{\"x\":\"9\",\"y\":\"2\"},\"constraints\":[\"zone=a\"],"
                + "\"secrets\":[\"s\"],\"labels\":{\"l\":\"1\",\"m\":\"2\"},"
                + "\"annotations\":{\"t\":\"3\"},\"limits\":{\"memory\":\"5Mi\",\"cpu\":\"100m\"},"
                + "\"readOnlyRootFilesystem\":true}");
  }

  @Test
  void replace_removesFirst() {
    gateway.answers(202, "").answers(202, "");

    Result result = user.types("deploy", "--name", "a", "--image", "b", "--replace");

    assertThat(result.out()).startsWith("Deploying: a.\nRemoving old function.\n\nDeployed.");
    assertThat(gateway.asked())
        .extracting(FakeGateway.Asked::method)
        .containsExactly("DELETE", "POST");
  }

  @Test
  void refusedFunction_doesNotKeepTheNextFromBeingDeployed() throws IOException {
    Files.writeString(
        folder.resolve("two.yml"),
        "provider: {name: openfaas}\nfunctions: {a: {image: x}, b: {image: y}}\n");
    gateway
        .answers(400, "{\"code\":\"image_invalid\",\"message\":\"no such image x\"}")
        .answers(202, "");

    Result result = user.types("deploy", "-f", "two.yml");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("Unexpected status: 400, message: no such image x\n");
    assertThat(result.out()).contains("Deploying: b.\n\nDeployed. 202 Accepted.");
  }

  @Test
  void refusedFunction_cantSteerTheTerminal() {
    gateway.answers(400, "{\"message\":\"no\\u001b[2J\"}");

    assertThat(user.types("deploy", "--name", "a", "--image", "b").err())
        .isEqualTo("Unexpected status: 400, message: no?[2J\n");
  }

  @Test
  void filter_choosesFunctions() throws IOException {
    Files.writeString(
        folder.resolve("stack.yml"),
        "provider: {name: openfaas}\nfunctions: {api-a: {image: x}, b: {image: y}}\n");
    gateway.answers(202, "").answers(202, "");

    assertThat(user.types("deploy", "--filter", "api-*").out()).doesNotContain("Deploying: b.");
    assertThat(user.types("deploy", "--regex", "^b$").out()).doesNotContain("Deploying: api-a.");
    assertThat(user.types("deploy", "--filter", "none").err())
        .isEqualTo("stack.yml: no function matches (it has: api-a, b)\n");
  }

  @Test
  void stackGateway_isUsedUnlessItIsTheDefault() throws IOException {
    try (FakeGateway named = new FakeGateway().answers(202, "")) {
      Files.writeString(
          folder.resolve("stack.yml"),
          "provider: {name: openfaas, gateway: '"
              + named.url()
              + "/'}\nfunctions: {a: {image: x}}\n");

      user.types("deploy");

      assertThat(named.asked()).hasSize(1);
    }
  }

  @Test
  void missingCredentials_sayHowToLogIn() {
    gateway.answers(401, "");

    Result result = user.types("deploy", "--name", "a", "--image", "b");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "The gateway at "
                + gateway.url()
                + " wants credentials (401). Log in with: barista login --gateway "
                + gateway.url()
                + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deploy|There is no stack.yml here",
        "deploy --name A --image b|function name: \"A\"",
        "deploy --image b|--name is missing",
        "deploy --name a|--image is missing",
        "deploy --name a --image b -e X=|--env: \"X=\" (expected: KEY=VALUE)",
        "deploy --name a --image b --cpu-limit lots|limit.cpu: \"lots\" (expected: cores",
        "deploy -f x.yml --name a|exclude each other",
        "deploy --imge b|there is no option --imge; did you mean --image?",
      })
  void wrongInput_isUsage(String line, String sentence) {
    Result result = user.types(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(sentence);
    assertThat(gateway.asked()).isEmpty();
  }
}
