package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretCommandTest extends GatewayVerbFixture {

  @Test
  void create_sendsTheLiteral() {
    gateway.answers(202, "");

    Result result = user.types("secret", "create", "key", "--from-literal", " va\"lue\n");

    assertThat(result)
        .isEqualTo(new Result(0, "Creating secret: key.openfaas-fn\nCreated: 202 Accepted\n", ""));
    assertThat(gateway.asked().getFirst().method()).isEqualTo("POST");
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/secrets");
    assertThat(gateway.asked().getFirst().body())
        .isEqualTo("{\"name\":\"key\",\"namespace\":\"openfaas-fn\",\"value\":\"va\\\"lue\"}");
  }

  @Test
  void value_isReadFromStandardInput_untrimmedWhenAskedFor() {
    gateway.answers(202, "").answers(202, "");

    user.typesWithInput("a b \r\n", "secret", "create", "key", "-n", "dev");
    user.typesWithInput(" a\n", "secret", "create", "key.pem", "--trim=false");

    assertThat(gateway.asked().getFirst().body())
        .isEqualTo("{\"name\":\"key\",\"namespace\":\"dev\",\"value\":\"a b\"}");
    assertThat(gateway.asked().getLast().body())
        .isEqualTo("{\"name\":\"key.pem\",\"namespace\":\"openfaas-fn\",\"value\":\" a\\n\"}");
  }

  @Test
  void bytesThatAreNoText_areSentAsBase64() throws IOException {
    Files.write(folder.resolve("key.bin"), new byte[] {0, -1, '\n'});
    gateway.answers(202, "");

    user.types("secret", "update", "key", "--from-file", "key.bin", "--trim=false");

    assertThat(gateway.asked().getFirst().method()).isEqualTo("PUT");
    assertThat(gateway.asked().getFirst().body())
        .isEqualTo("{\"name\":\"key\",\"namespace\":\"openfaas-fn\",\"rawValue\":\"AP8K\"}");
  }

  @Test
  void existingSecret_isRefusedOrReplaced() {
    gateway.answers(409, "").answers(409, "").answers(202, "");

    Result refused = user.typesWithInput("a", "secret", "create", "key");
    Result replaced = user.typesWithInput("b", "secret", "create", "key", "--replace");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .endsWith(
            "The secret is there already: key.openfaas-fn. Change it with: barista secret"
                + " update\n");
    assertThat(replaced.exitCode()).isZero();
    assertThat(replaced.out()).endsWith("Updated: 202 Accepted\n");
    assertThat(gateway.asked().getLast().method()).isEqualTo("PUT");
    assertThat(gateway.asked().getLast().body()).contains("\"value\":\"b\"");
  }

  @Test
  void list_isNames() {
    String secrets =
        "[{\"name\":\"a\",\"namespace\":\"dev\"},{\"name\":\"b\",\"namespace\":\"dev\"}]";
    gateway.answers(200, secrets).answers(200, secrets).answers(200, secrets);

    assertThat(user.types("secret", "list", "-n", "dev"))
        .isEqualTo(new Result(0, "NAME\na\nb\n", ""));
    assertThat(user.types("secret", "ls", "-q").out()).isEqualTo("a\nb\n");
    assertThat(user.types("secret", "ls", "-o", "json").out()).contains("\"name\" : \"b\"");
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/secrets?namespace=dev");
  }

  @Test
  void remove_tellsWhatKeepsIt() {
    gateway
        .answers(202, "")
        .answers(404, "")
        .answers(409, "in use by function hello.openfaas-fn\n");

    assertThat(user.types("secret", "rm", "key"))
        .isEqualTo(new Result(0, "Removed: key.openfaas-fn\n", ""));
    assertThat(user.types("secret", "remove", "key").err())
        .isEqualTo("No such secret: key.openfaas-fn\n");
    assertThat(user.types("secret", "delete", "key").err()).contains("in use by function hello");
    assertThat(gateway.asked().getFirst().method()).isEqualTo("DELETE");
    assertThat(gateway.asked().getFirst().body())
        .isEqualTo("{\"name\":\"key\",\"namespace\":\"openfaas-fn\"}");
  }

  @Test
  void updateOfUnknown_fails() {
    gateway.answers(404, "");

    assertThat(user.typesWithInput("a", "secret", "update", "key").err())
        .endsWith("No such secret: key.openfaas-fn\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret                               | what? (expected: create, list, update or remove)",
        "secret frobnicate                    | \"frobnicate\" (expected: create",
        "secret create                        | which secret?",
        "secret create Key --from-literal=x   | name: \"Key\" (expected: a secret's name",
        "secret create key                    | the secret is empty",
        "secret create k --from-literal=a --from-file=b | exclude each other",
        "secret remove                        | which secret?",
        "secret list key                      | \"key\" is a word too many",
      })
  void impossibleRequest_isUsage(String typed, String sentence) {
    Result result = user.types(typed.strip().split(" +"));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(sentence);
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void valueThatCantBeRead_isTold() {
    assertThat(user.types("secret", "create", "key", "--from-file", "none").err())
        .isEqualTo("--from-file: there is no file none\n");
    assertThat(user.typesWithInput("x".repeat((512 << 10) + 1), "secret", "create", "key").err())
        .endsWith("the secret is longer than 512 KiB\n");
    assertThat(gateway.asked()).isEmpty();
  }
}
