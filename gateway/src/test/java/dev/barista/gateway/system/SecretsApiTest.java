package dev.barista.gateway.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.SecretName;
import dev.barista.gateway.routes.RawAnswer;
import dev.barista.gateway.routes.RunningGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsApiTest {

  private static final SecretName TOKEN = new SecretName("token", "openfaas-fn");

  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = RunningGateway.withPassword();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private RawAnswer send(String method, String body) {
    return gateway.admin(method, "/system/secrets", body);
  }

  private String list(String query) {
    return gateway.admin("GET", "/system/secrets" + query, "").body();
  }

  @Test
  void secret_isCreatedListedChangedAndDeleted() {
    assertThat(list("")).isEqualTo("[]");
    assertThat(send("POST", "{\"name\":\"token\",\"value\":\"a\"}").status()).isEqualTo(202);
    assertThat(list("")).isEqualTo("[{\"name\":\"token\",\"namespace\":\"openfaas-fn\"}]");
    assertThat(gateway.provider().secret(TOKEN)).contains("a".getBytes(UTF_8));

    RawAnswer changed = send("PUT", "{\"name\":\"token\",\"value\":\"a\",\"rawValue\":\"AP8=\"}");

    assertThat(changed.status()).as(changed.body()).isEqualTo(202);
    assertThat(changed.body()).isEmpty();
    assertThat(gateway.provider().secret(TOKEN)).contains(new byte[] {0, -1});
    assertThat(send("DELETE", "{\"name\":\"token\"}").status()).isEqualTo(202);
    assertThat(list("")).isEqualTo("[]");
  }

  @Test
  void namespace_isTakenFromBodyThenQueryThenDefault() {
    send("POST", "{\"name\":\"a\",\"namespace\":\"one\",\"value\":\"\"}");
    gateway.admin("POST", "/system/secrets?namespace=two", "{\"name\":\"a\",\"value\":\"\"}");

    assertThat(list("?namespace=one")).isEqualTo("[{\"name\":\"a\",\"namespace\":\"one\"}]");
    assertThat(list("?namespace=two")).isEqualTo("[{\"name\":\"a\",\"namespace\":\"two\"}]");
    assertThat(list("")).isEqualTo("[]");
    assertThat(send("DELETE", "{\"name\":\"a\"}").status()).isEqualTo(404);
    assertThat(
            gateway.admin("DELETE", "/system/secrets?namespace=two", "{\"name\":\"a\"}").status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | {\"value\":\"canary\"}                          | 400 | name: nothing",
        "POST   | {\"name\":\"../etc\",\"value\":\"canary\"}      | 400 | name: \"../etc\"",
        "POST   | {\"name\":\"A\",\"value\":\"canary\"}           | 400 | name: \"A\"",
        "POST   | {\"name\":\"a/b\",\"value\":\"canary\"}         | 400 | name: \"a/b\"",
        "POST   | {\"name\":\"a\",\"namespace\":\"B\",\"value\":\"x\"} | 400 | namespace: \"B\"",
        "POST   | {\"name\":\"a\"}                                | 400 | value: nothing",
        "POST   | {\"name\":\"a\",\"rawValue\":\"canary!\"}       | 400 | rawValue",
        "POST   | [1]                                             | 400 | body",
        "PUT    | {\"name\":\"a\",\"value\":\"canary\"}           | 404 | unable to find secret: a",
        "DELETE | {\"name\":\"a\"}                                | 404 | unable to find secret: a",
        "DELETE | {}                                              | 400 | name: nothing",
      })
  void wrongRequest_isRefusedWithoutItsValue(
      String method, String body, int status, String sentence) {
    RawAnswer answer = send(method, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains(sentence).doesNotContain("canary");
  }

  @Test
  void secretThatIsThere_isAConflict_andOneInUseToo() {
    send("POST", "{\"name\":\"token\",\"value\":\"a\"}");
    assertThat(send("POST", "{\"name\":\"token\",\"value\":\"b\"}").status()).isEqualTo(409);
    gateway.admin(
        "POST",
        "/system/functions",
        "{\"service\":\"hello\",\"image\":\"hello:1\",\"secrets\":[\"token\"]}");

    RawAnswer answer = send("DELETE", "{\"name\":\"token\"}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("in use by function hello.openfaas-fn");
    assertThat(gateway.provider().secret(TOKEN)).contains("a".getBytes(UTF_8));
  }

  @Test
  void deploymentWithAMissingSecret_isRefusedByItsName() {
    RawAnswer answer =
        gateway.admin(
            "POST",
            "/system/functions",
            "{\"service\":\"hello\",\"image\":\"hello:1\",\"secrets\":[\"missing\"]}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("secrets: \"missing\"");
  }
}
