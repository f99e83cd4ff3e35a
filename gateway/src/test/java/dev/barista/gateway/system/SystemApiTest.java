package dev.barista.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.gateway.routes.RawAnswer;
import dev.barista.gateway.routes.RunningGateway;
import dev.barista.provider.testkit.FakeProvider;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemApiTest {

  private static final String HELLO = "{\"service\":\"hello\",\"image\":\"hello:1\"}";

  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = RunningGateway.withPassword();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void noFunctions_areAnEmptyList() {
    assertThat(get("/system/functions")).isEqualTo("[]");
    assertThat(get("/system/functions?namespace=other")).isEqualTo("[]");
  }

  @Test
  void deployedFunction_isShownAsItWasSent() {
    RawAnswer deployed =
        gateway.admin(
            "POST",
            "/system/functions",
            """
            {"service":"hello","image":"hello:1","envProcess":"cat","envVars":{"a":"b"},
             "labels":{"team":"blue"},"annotations":{"topic":"x"},"secrets":[],
             "constraints":["k=v"],"limits":{"memory":"5Mi","cpu":"100m"},"unknownNewField":[1]}\
            """);

    assertThat(deployed.status()).as(deployed.body()).isEqualTo(202);
    assertThat(deployed.body()).isEmpty();
    String expected =
        "{\"name\":\"hello\",\"image\":\"hello:1\",\"namespace\":\"openfaas-fn\","
            + "\"envProcess\":\"cat\",\"envVars\":{\"a\":\"b\"},\"constraints\":[\"k=v\"],"
            + "\"labels\":{\"faas_function\":\"hello\",\"team\":\"blue\"},"
            + "\"annotations\":{\"topic\":\"x\"},"
            + "\"limits\":{\"memory\":\"5Mi\",\"cpu\":\"100m\"},\"invocationCount\":5.0,"
            + "\"replicas\":1,\"availableReplicas\":1,\"createdAt\":\"2026-01-01T00:00:00Z\"";
    assertThat(get("/system/functions")).isEqualTo("[" + expected + "}]");
    assertThat(get("/system/function/hello?usage=1"))
        .startsWith(expected)
        .contains("replicaStatus");
    assertThat(get("/system/function/hello.openfaas-fn")).startsWith(expected);
  }

  @Test
  void namespace_isTakenFromBodyThenQueryThenDefault() {
    deploy("/system/functions", "{\"service\":\"a\",\"image\":\"i\",\"namespace\":\"one\"}", 202);
    deploy("/system/functions?namespace=two", "{\"service\":\"a\",\"image\":\"i\"}", 202);
    deploy(
        "/system/functions?namespace=two",
        "{\"service\":\"b\",\"image\":\"i\",\"namespace\":\"three\"}",
        202);

    assertThat(get("/system/functions")).isEqualTo("[]");
    assertThat(names("one")).containsExactly("a.one");
    assertThat(names("two")).containsExactly("a.two");
    assertThat(names("three")).containsExactly("b.three");
    assertThat(scale("/system/scale-function/a?namespace=two", "{\"replicas\":2}")).isEqualTo(202);
    assertThat(scale("/system/scale-function/a.one", "{\"replicas\":3}")).isEqualTo(202);
    assertThat(scale("/system/scale-function/b", "{\"replicas\":4,\"namespace\":\"three\"}"))
        .isEqualTo(202);
    assertThat(desired("a.two")).isEqualTo(2);
    assertThat(desired("a.one")).isEqualTo(3);
    assertThat(desired("b.three")).isEqualTo(4);
    assertThat(delete("{\"functionName\":\"a\"}")).isEqualTo(404);
    assertThat(delete("{\"functionName\":\"a\",\"namespace\":\"one\"}")).isEqualTo(202);
    assertThat(names("one")).isEmpty();
    assertThat(
            gateway
                .admin("DELETE", "/system/functions?namespace=two", "{\"functionName\":\"a\"}")
                .status())
        .isEqualTo(202);
  }

  @Test
  void namesOwnSuffix_mustNotContradictTheNamespace() {
    deploy("/system/functions", HELLO, 202);

    RawAnswer answer = gateway.admin("GET", "/system/function/hello.openfaas-fn?namespace=x", "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("namespace: \"x\"");
  }

  @Test
  void unknownFunction_is404Everywhere() {
    assertThat(gateway.admin("PUT", "/system/functions", HELLO).status()).isEqualTo(404);
    assertThat(delete("{\"functionName\":\"hello\"}")).isEqualTo(404);
    assertThat(gateway.admin("GET", "/system/function/hello", "").status()).isEqualTo(404);
    assertThat(scale("/system/scale-function/hello", "{\"replicas\":1}")).isEqualTo(404);
    assertThat(gateway.admin("GET", "/system/function/hello", "").body())
        .isEqualTo("unable to find function: hello.openfaas-fn\n");
  }

  @Test
  void secondDeploy_isRefused_updateReplaces() {
    deploy("/system/functions", HELLO, 202);

    assertThat(gateway.admin("POST", "/system/functions", HELLO).status()).isEqualTo(409);
    assertThat(
            gateway.admin("PUT", "/system/functions", HELLO.replace("hello:1", "hello:2")).status())
        .isEqualTo(202);
    assertThat(get("/system/function/hello")).contains("\"image\":\"hello:2\"");
  }

  @Test
  void scaledToZero_readsBackAsZero() {
    deploy("/system/functions", HELLO, 202);

    assertThat(scale("/system/scale-function/hello", "{\"serviceName\":\"hello\",\"replicas\":0}"))
        .isEqualTo(202);

    assertThat(desired("hello.openfaas-fn")).isZero();
    assertThat(get("/system/function/hello")).doesNotContain("\"replicas\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"replicas\":-1}|replicas: \"-1\" (expected: 0 to 50 [--max-replicas])",
        "{\"replicas\":51}|replicas: \"51\" (expected: 0 to 50 [--max-replicas])",
        "{\"replicas\":1.5}|replicas: \"1.5\" (expected: a whole number)",
        "{\"replicas\":\"2\"}|replicas: \"\"2\"\" (expected: a whole number)",
        "{\"replicas\":99999999999}|replicas: \"99999999999\" (expected: a whole number)",
        "{}|replicas: nothing (expected: 0 to 50)",
        "{\"replicas\":1,\"serviceName\":\"other\"}|serviceName: \"other\" (expected: that of the"
            + " path, hello)",
      })
  void badScale_isToldByField(String body, String sentence) {
    deploy("/system/functions", HELLO, 202);

    RawAnswer answer = gateway.admin("POST", "/system/scale-function/hello", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(sentence + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|body: nothing (expected: a JSON object)",
        "{|body: \"no JSON at line 1, column 2\" (expected: a JSON object)",
        "{\"service\":\"a\"} x|body: \"no JSON at line 1, column 17\" (expected: a JSON object)",
        "{\"service\":\"a\",\"service\":\"b\"}|body: \"no JSON at line 1, column 25\" (expected: a"
            + " JSON object)",
        "[]|body: \"[]\" (expected: a JSON object)",
        "null|body: \"null\" (expected: a JSON object)",
        "\"text\"|body: \"\"text\"\" (expected: a JSON object)",
        "{\"service\":1}|service: \"1\" (expected: a text)",
        "{\"service\":{\"a\":1}}|service: \"{\"a\":1}\" (expected: a text)",
        "{\"service\":true}|service: \"true\" (expected: a text)",
        "{\"labels\":[\"a\"]}|labels: \"[\"a\"]\" (expected: an object with texts as values)",
        "{\"labels\":{\"a\":1}}|labels.a: \"1\" (expected: a text)",
        "{\"secrets\":\"a\"}|secrets: \"\"a\"\" (expected: a list)",
        "{\"secrets\":[1]}|secrets.0: \"1\" (expected: a text)",
        "{\"limits\":5}|limits: \"5\" (expected: an object)",
        "{\"limits\":{\"cpu\":5}}|limits.cpu: \"5\" (expected: a text)",
        "{\"readOnlyRootFilesystem\":\"yes\"}|readOnlyRootFilesystem: \"\"yes\"\" (expected: true"
            + " or false)",
        "{\"image\":\"i\"}|service: nothing (expected: the function's name)",
        "{\"service\":\"a\"}|image: nothing (expected: an image reference such as hello:latest)",
        "{\"service\":\"a\",\"image\":\"i\",\"labels\":{\"com.openfaas.scale.min\":\"many\"}}|labels.com.openfaas.scale.min:"
            + " \"many\" (expected: a whole number, 0 or more)",
        "{\"service\":\"a\",\"image\":\"i\",\"labels\":{\"com.openfaas.scale.max\":\"51\"}}|labels.com.openfaas.scale.max:"
            + " \"51\" (expected: at most 50 [--max-replicas])",
        "{\"service\":\"a\",\"image\":\"i\",\"labels\":{\"com.openfaas.scale.factor\":\"101\"}}|labels.com.openfaas.scale.factor:"
            + " \"101\" (expected: a whole number, 0 to 100)",
        "{\"service\":\"a\",\"image\":\"i\",\"labels\":{\"com.openfaas.scale.zero\":\"maybe\"}}|labels.com.openfaas.scale.zero:"
            + " \"maybe\" (expected: true or false)",
        "{\"service\":\"a\",\"image\":\"i\",\"labels\":{\"com.openfaas.scale.zero-duration\":\"soon\"}}|labels.com.openfaas.scale.zero-duration:"
            + " \"soon\" (expected: a duration such as 30s, 1s to 8760h)",
        "{\"service\":\"a\",\"image\":\"i\",\"secrets\":[\"../x\"]}|secrets: \"../x\" (expected: a"
            + " secret's name: a-z, 0-9, inner '-' and '.', 1 to 253 characters)",
      })
  void badDeployment_isToldByField(String body, String sentence) {
    RawAnswer answer = gateway.admin("POST", "/system/functions", body);

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(sentence + "\n");
    assertThat(get("/system/functions")).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource({
    "/system/functions, DELETE, functionName, ../x",
    "/system/function/a.b.c, GET, name, a.b.c",
    "/system/scale-function/A, POST, name, A",
  })
  void impossibleName_isToldAsItWasSent(String path, String method, String field, String name) {
    RawAnswer answer =
        gateway.admin(method, path, "{\"functionName\":\"" + name + "\",\"replicas\":1}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "%s: \"%s\" (expected: NAME or NAME.NAMESPACE, each of a-z, 0-9 and inner '-', 1 to 63"
                + " characters)\n",
            field, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/b", "größe", "A", "-a", "a-", "a b", "a.b", "%2f", "a\\u0000"})
  void impossibleNames_areRefused(String name) {
    String sent = name.equals("a\\u0000") ? name : name.replace("\\", "\\\\");

    deploy("/system/functions", "{\"service\":\"" + sent + "\",\"image\":\"i\"}", 400);
    assertThat(delete("{\"functionName\":\"" + sent + "\"}")).isIn(400, 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%2e%2e%2f", "a%2fb", "caf%C3%A9", "A", "%00", ".openfaas-fn", "a."})
  void impossibleNamesInThePath_areRefused(String name) {
    assertThat(gateway.admin("GET", "/system/function/" + name, "").status()).isEqualTo(400);
    assertThat(scale("/system/scale-function/" + name, "{\"replicas\":1}")).isEqualTo(400);
  }

  @Test
  void nameOf64Characters_isRefused_of63Taken() {
    deploy("/system/functions", "{\"service\":\"" + "a".repeat(64) + "\",\"image\":\"i\"}", 400);
    deploy("/system/functions", "{\"service\":\"" + "a".repeat(63) + "\",\"image\":\"i\"}", 202);
  }

  @Test
  void longBody_isRefusedByItsLength() {
    RawAnswer answer =
        gateway.send(
            "POST",
            "/system/functions",
            "Host: localhost\r\n" + RunningGateway.ADMIN,
            " ".repeat(RunningGateway.MAX_SYSTEM_BODY + 1));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("larger than 4096 bytes [--max-system-body]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"constraints", "secrets"})
  void nullInAList_isToldByField(String field) {
    String body = HELLO.replaceFirst("\\{", "{\"" + field + "\":[\"a\",null],");

    RawAnswer answer = gateway.admin("POST", "/system/functions", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(field + ".1: nothing (expected: a text)\n");
  }

  @Test
  void refusedImage_isThatOfTheProvider() {
    gateway.provider().onStart("bad:1", FakeProvider.Start.REFUSED);

    RawAnswer answer =
        gateway.admin("POST", "/system/functions", "{\"service\":\"a\",\"image\":\"bad:1\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("X-Barista-Error")).contains("image_invalid");
  }

  @Test
  void info_namesProviderAndVersions() {
    assertThat(get("/system/info"))
        .startsWith(
            "{\"provider\":{\"provider\":\"fake\",\"version\":{\"release\":\"0\",\"sha\":\"none\"},"
                + "\"orchestration\":\"fake\"},\"version\":{\"commit_message\":\"why\","
                + "\"release\":\"1.2.3\",\"sha\":\"0a1b2c3\"},\"arch\":\"");
  }

  @Test
  void health_needsNoCredentials() {
    assertThat(gateway.send("GET", "/healthz", "Host: x\r\n", "").status()).isEqualTo(200);
    assertThat(gateway.send("HEAD", "/healthz", "Host: x\r\n", "").status()).isEqualTo(200);
  }

  private String get(String target) {
    RawAnswer answer = gateway.admin("GET", target, "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).contains("application/json");
    return answer.body();
  }

  private void deploy(String target, String body, int status) {
    RawAnswer answer = gateway.admin("POST", target, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  private int delete(String body) {
    return gateway.admin("DELETE", "/system/functions", body).status();
  }

  private int scale(String target, String body) {
    return gateway.admin("POST", target, body).status();
  }

  private int desired(String name) {
    return gateway.provider().status(FunctionName.parse(name)).orElseThrow().desiredReplicas();
  }

  private List<String> names(String namespace) {
    return gateway.provider().list(namespace).stream()
        .map(status -> status.spec())
        .map(FunctionSpec::name)
        .map(FunctionName::toString)
        .toList();
  }
}
