package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.barista.cli.CommandLineUser.Result;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogsAndReadyTest extends GatewayVerbFixture {

  private static final String LINES =
      """
      {"name":"fn","namespace":"openfaas-fn","instance":"fn-1","timestamp":"2026-01-02T03:04:05Z","text":"first\\n"}
      {"name":"fn","namespace":"openfaas-fn","instance":"fn-2","timestamp":"2026-01-02T03:04:06Z","text":"red \\u001b[31m\\tx \\"q\\""}
      """;

  @Test
  void logs_areTimeNameReplicaText() {
    gateway.answers(200, LINES);

    assertThat(user.types("logs", "fn"))
        .isEqualTo(
            new Result(
                0,
                """
                2026-01-02T03:04:05Z fn (fn-1) first
                2026-01-02T03:04:06Z fn (fn-2) red ?[31m\tx "q"
                """,
                ""));
    assertThat(gateway.asked().getFirst().path())
        .isEqualTo("/system/logs?name=fn&namespace=openfaas-fn&follow=false");
  }

  /** Terminals take U+009B for ESC and '['. */
  @Test
  void controlCharactersOfBothKinds_areNotShown() {
    gateway.answers(200, LINES.replace("red ", "\u009b31m\u0085"));

    assertThat(user.types("logs", "fn").out()).contains(" (fn-2) ?31m??[31m\tx");
  }

  @Test
  void otherForms_keepEveryCharacter() {
    gateway.answers(200, LINES).answers(200, LINES);

    assertThat(user.types("logs", "fn", "--output", "json").out()).isEqualTo(LINES);
    assertThat(user.types("logs", "fn", "-o", "keyvalue").out())
        .endsWith(
            "timestamp=\"2026-01-02T03:04:06Z\" name=\"fn\" instance=\"fn-2\""
                + " text=\"red \\u001B[31m\\tx \\\"q\\\"\"\n");
  }

  @Test
  void options_becomeTheQuery() {
    gateway.answers(200, "");
    Instant before = Instant.now().minus(Duration.ofMinutes(90));

    user.types("logs", "fn.ns", "-f", "--tail", "5", "--since", "1h30m", "--instance", "fn 1");

    String path = gateway.asked().getFirst().path();
    assertThat(path)
        .startsWith("/system/logs?name=fn&namespace=ns&follow=true&tail=5&since=")
        .endsWith("&instance=fn+1");
    String since = path.replaceAll(".*since=([^&]*)&.*", "$1");
    assertThat(Instant.parse(URLDecoder.decode(since, StandardCharsets.UTF_8)))
        .isCloseTo(before, within(5, ChronoUnit.MINUTES));
  }

  @ParameterizedTest
  @CsvSource({
    "--since 5x, --since: \"5x\" (expected: such as 30s",
    "--since-time today, --since-time: \"today\" (expected: such as 2026",
    "--since 5m --since-time 2026-01-01T00:00:00Z, exclude each other",
    "--tail many, --tail: \"many\" (expected: -1 to",
  })
  void wrongOption_isUsage(String options, String message) {
    Result result = user.types(("logs fn " + options).split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(message);
    assertThat(gateway.asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"404, No such function: fn", "501, keeps no logs", "401, Log in with"})
  void refusal_isASentence(int status, String sentence) {
    gateway.answers(status, "");

    Result result = user.types("logs", "fn");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains(sentence);
  }

  /** To a gateway a tail of 0 is no bound. */
  @Test
  void tailOfNone_beginsNow() {
    gateway.answers(200, "");

    user.types("logs", "fn", "-f", "--tail", "0");

    assertThat(gateway.asked().getFirst().path())
        .contains("&follow=true&since=")
        .doesNotContain("tail");
  }

  @Test
  void gatewayWithoutLogs_isToldApart() {
    gateway.answers(404, "404 page not found\n");

    assertThat(user.types("logs", "fn").err()).contains("keeps no logs");
  }

  @Test
  void ready_waitsForTheGateway() {
    gateway.answers(503, "").answers(200, "OK");

    assertThat(user.types("ready", "--interval", "1ms"))
        .isEqualTo(
            new Result(
                0,
                "[1/60] Gateway is not ready: its health is 503\n[2/60] Gateway is ready\n",
                ""));
  }

  @Test
  void ready_waitsForAReplica() {
    gateway
        .answers(404, "")
        .answers(200, "{\"name\":\"fn\"}")
        .answers(200, "{\"name\":\"fn\",\"availableReplicas\":1}");

    assertThat(user.types("ready", "fn", "--interval", "1ms", "--quiet"))
        .isEqualTo(new Result(0, "", ""));
    assertThat(gateway.asked()).hasSize(3);
  }

  @Test
  void ready_givesUp() {
    gateway.answers(200, "{\"name\":\"fn\"}").answers(200, "{\"name\":\"fn\"}");

    Result result = user.types("ready", "fn", "--attempts", "2", "--interval", "1ms", "-q");

    assertThat(result)
        .isEqualTo(
            new Result(
                1,
                "",
                "Function fn.openfaas-fn is not ready after 2 looks: it has no ready replica\n"));
  }
}
