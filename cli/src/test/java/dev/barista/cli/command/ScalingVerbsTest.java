package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code alerts}, {@code why}, {@code scale}. */
class ScalingVerbsTest extends GatewayVerbFixture {

  @Test
  void alerts_areATable() {
    gateway.answers(
        200,
        """
        {"mode":"builtin","alerts":[
          {"name":"echo-fn","namespace":"openfaas-fn","state":"firing","rate":12.46,"threshold":5.0,
           "since":"2026-01-02T03:04:05.678Z","resolvedAt":"2026-01-02T03:00:00Z"},
          {"name":"b","namespace":"dev","state":"pending","rate":6.0,"threshold":0.5,
           "since":"2026-01-02T03:04:06Z"},
          {"name":"c","namespace":"openfaas-fn","state":"inactive","rate":0.0,"threshold":5.0,
           "resolvedAt":"2026-01-02T03:04:07.1Z"},
          {"name":"d","namespace":"openfaas-fn","state":"inactive","rate":0.0,"threshold":5.0}]}
        """);

    Result result = user.types("alerts");

    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                """
                NAME     STATE     RATE    THRESHOLD  SINCE
                echo-fn  firing    12.5/s  5/s        2026-01-02T03:04:05Z
                b.dev    pending   6/s     0.5/s      2026-01-02T03:04:06Z
                c        inactive  0/s     5/s        resolved 2026-01-02T03:04:07Z
                d        inactive  0/s     5/s
                """,
                ""));
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/alerts");
  }

  @ParameterizedTest
  @CsvSource({
    "external, Alerts come from Prometheus and AlertManager (serve --alerts external)",
    "off, Scaling by alerts is switched off (serve --alerts off)"
  })
  void alertsOfAnotherMode_areToldToBeElsewhere(String mode, String sentence) {
    gateway.answers(200, "{\"mode\":\"" + mode + "\",\"alerts\":[]}");

    Result result = user.types("alerts", "-n", "dev");

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith(sentence);
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/alerts?namespace=dev");
  }

  @Test
  void why_tellsNowSignalsAndChanges() {
    gateway.answers(
        200,
        """
        {"name":"echo-fn","namespace":"openfaas-fn","scaledBy":["alert","target"],"min":1,"max":10,
         "desired":3,"ready":2,"inFlight":7,"waiting":1,"panicking":true,
         "signals":[{"name":"alert","value":12.46,"target":5.0,"unit":"calls/s","window":"10s",
                     "wanted":3}],
         "decisions":[
           {"at":"2026-01-02T03:04:05.9Z","from":1,"to":3,"reason":"the alert fires","signals":[],
            "boundedBy":"max 3 [com.openfaas.scale.max]"},
           {"at":"2026-01-02T03:00:00Z","from":0,"to":1,"reason":"a \\u001b[2Jcall","signals":[]}],
         "oneMore":"the alert goes on firing until 03:04:35","zero":"never: not asked for"}
        """);

    Result result = user.types("why", "echo-fn");

    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                """
                Function:  echo-fn
                Replicas:  2 ready of 3 wanted (min 1, max 10)
                Scaled by: alert, target, in panic
                Calls:     7 in flight, 1 of them waiting
                One more:  the alert goes on firing until 03:04:35
                To zero:   never: not asked for

                SIGNAL  VALUE  TARGET  UNIT     WINDOW  WANTS
                alert   12.5   5       calls/s  10s     3

                TIME                  CHANGE  REASON
                2026-01-02T03:04:05Z  1 => 3  the alert fires; cut by max 3 [com.openfaas.scale.max]
                2026-01-02T03:00:00Z  0 => 1  a ?[2Jcall
                """,
                ""));
    assertThat(gateway.asked().getFirst().path())
        .isEqualTo("/system/function/echo-fn/scaling?namespace=openfaas-fn");
  }

  @Test
  void whyOfAFunctionAtRest_saysSo() {
    gateway.answers(
        200, "{\"name\":\"a\",\"namespace\":\"dev\",\"scaledBy\":[\"hand\"],\"min\":1,\"max\":20}");

    assertThat(user.types("why", "a.dev").out())
        .isEqualTo(
            """
            Function:  a.dev
            Replicas:  0 ready of 0 wanted (min 1, max 20)
            Scaled by: hand
            Calls:     0 in flight, 0 of them waiting

            Not scaled yet since the platform's start.
            """);
  }

  @Test
  void jsonForms_areWhatTheGatewaySaid() {
    gateway
        .answers(200, "{\"mode\":\"off\"}")
        .answers(200, "{\"name\":\"a\"}")
        .answers(200, "[{\"name\":\"b\"}]");

    assertThat(user.types("alerts", "-o", "json").out()).contains("\"mode\" : \"off\"");
    assertThat(user.types("why", "a", "-o", "json").out()).contains("\"name\" : \"a\"");
    assertThat(user.types("scale", "idle", "--dry-run", "-o", "json").out())
        .contains("\"name\" : \"b\"");
  }

  @Test
  void whyOfUnknown_fails() {
    gateway.answers(
        404, "unable to find function: a.dev\n", "X-Barista-Error", "function_not_found");

    assertThat(user.types("why", "a.dev"))
        .isEqualTo(new Result(1, "", "No such function: a.dev\n"));
  }

  /** OpenFaaS's own gateway has no such path. */
  @Test
  void otherGateway_isToldApart() {
    gateway.answers(404, "404 page not found\n").answers(200, "<html>");

    assertThat(user.types("alerts").err()).contains("can't tell (404): it is no Barista");
    assertThat(user.types("alerts").err()).contains("is no gateway");
  }

  @Test
  void scale_asksForReplicas() {
    gateway.answers(202, "").answers(200, "");

    assertThat(user.types("scale", "a-fn", "3"))
        .isEqualTo(new Result(0, "Scaling a-fn.openfaas-fn to 3.\n", ""));
    assertThat(user.types("scale", "idle.dev", "0").out()).isEqualTo("Scaling idle.dev to 0.\n");
    assertThat(gateway.asked().getFirst().method()).isEqualTo("POST");
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/scale-function/a-fn");
    assertThat(gateway.asked().getFirst().body())
        .isEqualTo("{\"serviceName\":\"a-fn\",\"namespace\":\"openfaas-fn\",\"replicas\":3}");
    assertThat(gateway.asked().getLast().body()).contains("\"dev\",\"replicas\":0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scale           | which function?",
        "scale a         | how many replicas?",
        "scale a many    | replicas: \"many\" (expected: a number from 0)",
        "scale a -- -1   | replicas: \"-1\" (expected: a number from 0)",
        "scale A 1       | function name: \"A\"",
        "scale a 1 2     | \"2\" is a word too many",
        "why             | which function?",
        "scale idle      | the platform scales idle functions to zero itself (expected: --dry-run",
      })
  void impossibleRequest_isUsage(String typed, String sentence) {
    Result result = user.types(typed.split(" +"));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(sentence);
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void scaleThatIsRefused_isToldInTheGatewaysWords() {
    gateway.answers(404, "").answers(400, "replicas: \"5000\" (expected: 0 to 1000)\n");

    assertThat(user.types("scale", "a", "1"))
        .isEqualTo(new Result(1, "", "No such function: a.openfaas-fn\n"));
    assertThat(user.types("scale", "a", "5000").err()).contains("expected: 0 to 1000");
  }

  @Test
  void idle_isATable() {
    gateway.answers(
        200,
        """
        [{"name":"a","namespace":"openfaas-fn","replicas":2,"idle":"31m","limit":"30m","toZero":true,
          "reason":"idle for longer than its limit"},
         {"name":"b","namespace":"dev","replicas":1,"idle":"0s","limit":"15m","toZero":false,
          "reason":"a call is in flight"}]
        """);

    assertThat(user.types("scale", "idle", "--dry-run"))
        .isEqualTo(
            new Result(
                0,
                """
                NAME   REPLICAS  IDLE  LIMIT  WOULD SCALE  REASON
                a      2         31m   30m    to 0         idle for longer than its limit
                b.dev  1         0s    15m    no           a call is in flight
                """,
                ""));
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/system/scaling/idle");
  }

  @Test
  void idle_doesNotSteerTheTerminal() {
    gateway.answers(
        200,
        """
        [{"name":"a","replicas":2,"idle":"\\u001b[2J","limit":"\\u0007","toZero":false,
          "reason":"\\u001b"}]
        """);

    assertThat(user.types("scale", "idle", "--dry-run").out())
        .contains("?[2J")
        .doesNotContain("\u001b", "\u0007");
  }
}
