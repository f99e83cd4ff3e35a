package dev.barista.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verbs of one or two requests to {@code /system}. */
class SystemVerbsTest extends GatewayVerbFixture {

  private static final String TWO_FUNCTIONS =
      """
      [{"name":"b-fn","image":"b:1","namespace":"openfaas-fn","invocationCount":7,"replicas":2,
        "availableReplicas":2,"createdAt":"2026-01-02T00:00:00Z"},
       {"name":"a-fn","image":"a:1","namespace":"openfaas-fn","createdAt":"2026-01-03T00:00:00Z"}]
      """;

  @Test
  void list_hasTheColumnsOfFaasCli() {
    gateway.answers(200, TWO_FUNCTIONS);

    Result result = user.types("list");

    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                """
                Function                      \tInvocations    \tReplicas
                a-fn                          \t0              \t0   \s
                b-fn                          \t7              \t2   \s
                """,
                ""));
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/functions");
  }

  @Test
  void verboseList_hasImageAndTime() {
    gateway.answers(200, TWO_FUNCTIONS);

    Result result = user.types("ls", "-v", "--sort", "creation", "-n", "staging");

    assertThat(result.out().lines())
        .containsExactly(
            "Function                      \tImage                         \tInvocations    "
                + "\tReplicas\tCreatedAt",
            "b-fn                          \tb:1                           \t7              \t2    "
                + "\t2026-01-02T00:00:00Z",
            "a-fn                          \ta:1                           \t0              \t0    "
                + "\t2026-01-03T00:00:00Z");
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/functions?namespace=staging");
  }

  @ParameterizedTest
  @CsvSource({"name,a-fn;b-fn", "invocations,b-fn;a-fn", "creation,b-fn;a-fn"})
  void quietList_isNamesInOrder(String order, String names) {
    gateway.answers(200, TWO_FUNCTIONS);

    assertThat(user.types("list", "-q", "--sort", order).out())
        .isEqualTo(names.replace(';', '\n') + "\n");
  }

  @ParameterizedTest
  @CsvSource({"-o,json", "--json,-q"})
  void jsonList_isWhatTheGatewaySaid(String first, String second) {
    gateway.answers(200, TWO_FUNCTIONS);

    assertThat(user.types("list", first, second).out())
        .contains("\"name\" : \"a-fn\"")
        .contains("\"invocationCount\" : 7");
  }

  @Test
  void describe_showsReplicasAndBounds() {
    gateway.answers(
        200,
        """
        {"name":"a-fn","image":"a:1","namespace":"openfaas-fn","envProcess":"cat","replicas":2,
         "availableReplicas":1,"createdAt":"2026-01-03T00:00:00Z","labels":{"x":"1","y":"2"},
         "annotations":{},"limits":{"memory":"5Mi"},
         "replicaStatus":[
           {"id":"r1","state":"ready","reason":"","restarts":0,"lastLogLines":[]},
           {"id":"r2","state":"back-off","reason":"exit code 1","restarts":3,
            "lastLogLines":["Traceback","boom\\u001b[2J"]}],
         "enforcement":[
           {"bound":"isolation","requested":"sandbox","enforced":"sandbox"},
           {"bound":"limits.memory","requested":"5Mi","enforced":"none (no cgroup)"}]}
        """);

    Result result = user.types("describe", "a-fn");

    assertThat(result.out())
        .isEqualTo(
            """
            Name:                a-fn
            Namespace:           openfaas-fn
            Status:              Ready
            Replicas:            2
            Available Replicas:  1
            Invocations:         0
            Image:               a:1
            Function Process:    cat
            URL:                 GATEWAY/function/a-fn.openfaas-fn
            Created:             2026-01-03T00:00:00Z
            Labels:              x: 1
                                 y: 2
            Limits:              memory: 5Mi

            Replica  State     Restarts  Reason
            r1       ready     0
            r2       back-off  3         exit code 1

            Last lines of r2 before it ended:
              Traceback
              boom?[2J

            Bound          Requested  Enforced
            isolation      sandbox    sandbox
            limits.memory  5Mi        none (no cgroup)
            """
                .replace("GATEWAY", gateway.url()));
    assertThat(gateway.asked().getFirst().path())
        .isEqualTo("/system/function/a-fn?usage=1&namespace=openfaas-fn");
  }

  @Test
  void describeOfUnknown_fails() {
    gateway.answers(404, "");

    assertThat(user.types("describe", "none.dev"))
        .isEqualTo(new Result(1, "", "No such function: none.dev\n"));
  }

  @Test
  void remove_namesFunctionAndNamespace() {
    gateway.answers(202, "");

    Result result = user.types("rm", "a-fn");

    assertThat(result.out()).isEqualTo("Deleting: a-fn.openfaas-fn.\nRemoving old function.\n");
    assertThat(gateway.asked().getFirst().method()).isEqualTo("DELETE");
    assertThat(gateway.asked().getFirst().body())
        .isEqualTo("{\"functionName\":\"a-fn\",\"namespace\":\"openfaas-fn\"}");
  }

  @Test
  void removeOfStack_goesOnAfterAMissingOne() throws IOException {
    Files.writeString(
        folder.resolve("stack.yml"),
        "provider: {name: openfaas}\nfunctions: {a: {image: x}, b: {image: x, namespace: dev}}\n");
    gateway.answers(404, "").answers(202, "");

    Result result = user.types("remove");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("No existing function to remove: a.openfaas-fn\n");
    assertThat(gateway.asked().getLast().body()).contains("\"b\"").contains("\"dev\"");
  }

  @Test
  void version_tellsBoth() {
    gateway.answers(
        200,
        """
        {"provider":{"provider":"barista-process","version":{"sha":"s1","release":"0.1"},
         "orchestration":"process"},"version":{"release":"0.2","sha":"s2"},"arch":"x86_64"}
        """);

    assertThat(user.types("version").out())
        .contains("Gateway:\n uri:     " + gateway.url() + "\n version: 0.2\n")
        .contains(" name:          barista-process\n");
  }

  @Test
  void login_isCheckedKeptAndUsed() throws IOException {
    gateway.answers(200, "[]").answers(200, "[]");

    Result login = user.typesWithInput("secret\n", "login", "-u", "me", "--password-stdin");
    user.types("list");

    String expected = "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));
    assertThat(login.exitCode()).isZero();
    assertThat(login.out()).endsWith("credentials saved for me " + gateway.url() + "\n");
    assertThat(gateway.asked().getLast().authorization()).contains(expected);
    assertThat(permissions("home/.openfaas")).isEqualTo("rwx------");
    assertThat(permissions("home/.openfaas/config.yml")).isEqualTo("rw-------");
  }

  @Test
  void refusedLogin_isNotKept() {
    gateway.answers(401, "");

    Result login = user.types("login", "-p", "wrong");

    assertThat(login.exitCode()).isEqualTo(1);
    assertThat(login.err())
        .contains("unable to login, either username or password is incorrect")
        .doesNotContain("wrong");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void logout_forgetsTheLogin() {
    gateway.answers(200, "[]").answers(401, "");
    user.typesWithInput("secret", "login", "-s");

    assertThat(user.types("logout").exitCode()).isZero();
    assertThat(user.types("logout").exitCode()).isEqualTo(1);
    assertThat(user.types("list").err()).contains("barista login");
    assertThat(gateway.asked().getLast().authorization()).isEmpty();
  }

  @Test
  void unreachableGateway_namesTheWayOut() {
    gateway.close();

    Result result = user.types("list");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "No gateway at "
                + gateway.url()
                + ": nothing answers there. Start it with: ./barista serve\n");
  }

  private String permissions(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
  }

  /** A gateway may be anybody's: an address was mistyped, or nothing protects the way to it. */
  @ParameterizedTest
  @CsvSource({
    "list, '[{\"name\":\"a\\u001b[2J\"}]'",
    "list -v, '[{\"name\":\"a\",\"image\":\"a\\u001b[2J\",\"createdAt\":\"\\u009b\"}]'",
    "version, '{\"version\":{\"release\":\"\\u001b[2J\"},\"provider\":{\"provider\":\"\\u009b\"}}'",
    "alerts,"
        + " '{\"mode\":\"builtin\",\"alerts\":[{\"name\":\"\\u001b[2J\",\"namespace\":\"\\u009b\"}]}'",
    "logs a, '{\"name\":\"\\u001b[2J\",\"instance\":\"\\u009b\",\"timestamp\":\"\\u0007\"}'"
  })
  void answer_cantSteerTheTerminal(String verb, String answer) {
    gateway.answers(200, answer);

    Result result = user.types(verb.split(" "));

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("?[2J").doesNotContainPattern("[\\p{Cc}&&[^\\t\\n]]");
  }

  @Test
  void refusal_cantSteerTheTerminal() {
    gateway.answers(500, "one\u001b[2J\r\ntwo\n");

    assertThat(user.types("list").err())
        .isEqualTo("Unexpected status: 500, message: one?[2J\ntwo\n");
  }
}
