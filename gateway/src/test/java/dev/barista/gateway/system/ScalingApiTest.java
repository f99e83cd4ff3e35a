package dev.barista.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.autoscaler.AlertMode;
import dev.barista.gateway.routes.RawAnswer;
import dev.barista.gateway.routes.RunningGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingApiTest {

  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = RunningGateway.withPassword();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private RawAnswer post(String body) {
    return gateway.admin("POST", "/system/alert", body);
  }

  private String get(String target) {
    return gateway.admin("GET", target, "").body();
  }

  /** As AlertManager 0.25 sends it; of all this two fields of each alert count. */
  @Test
  void notification_isHandledAlertByAlert() {
    RawAnswer answer =
        post(
            """
            {"version":"4","groupKey":"{}:{alertname=\\"x\\"}","truncatedAlerts":0,
             "status":"firing","receiver":"scale-up","groupLabels":{"alertname":"x"},
             "commonLabels":{"function_name":"wrong"},"commonAnnotations":{},
             "externalURL":"http://am","alerts":[
               {"status":"firing","labels":{"alertname":"x","function_name":"echo.openfaas-fn"},
                "annotations":{"summary":"s"},"startsAt":"2026-01-01T12:00:00Z",
                "endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"a"},
               {"status":"resolved","labels":{"function_name":"other.two"}},
               {"status":"firing","labels":{"function_name":"echo"}}]}
            """);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(gateway.autoscaling().told())
        .containsExactly(
            "echo.openfaas-fn firing", "other.two resolved", "echo.openfaas-fn firing");
    assertThat(answer.body())
        .isEqualTo(
            """
            function echo.openfaas-fn 1 => 3
            function other.two 3 => 1
            function echo.openfaas-fn 1 => 3
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'status':'firing','labels':{'function_name':'gone'} | unable to find function: gone",
        "'status':'firing','labels':{'function_name':'../x'} | service: \".\"",
        "'status':'firing','labels':{'function_name':'.dev'} | service: \"\"",
        "'status':'silent','labels':{'function_name':'echo'} | echo.openfaas-fn: status:"
            + " \"silent\"",
        "'labels':{'function_name':'echo'}                   | echo.openfaas-fn: status: nothing",
        "'status':'firing','labels':{'function_name':''}     | ''",
        "'status':'firing','labels':{'alertname':'x'}        | ''",
        "'status':'firing'                                   | ''",
      })
  void alertThatCantBeHandled_isToldAndKeepsNoOtherBack(String alert, String line) {
    RawAnswer answer =
        post(
            "{'alerts':[{ALERT},{'status':'firing','labels':{'function_name':'echo'}}]}"
                .replace("ALERT", alert)
                .replace('\'', '"'));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).startsWith(line).endsWith("function echo.openfaas-fn 1 => 3\n");
    assertThat(answer.body().lines()).hasSize(line.isEmpty() ? 1 : 2);
    assertThat(gateway.autoscaling().told()).last().isEqualTo("echo.openfaas-fn firing");
  }

  @Test
  void failureToScale_isA500SoThatItIsSentAgain_onceAllWereHandled() {
    RawAnswer answer =
        post(
            """
            {"alerts":[{"status":"firing","labels":{"function_name":"stuck"}},
                       {"status":"firing","labels":{"function_name":"broken"}},
                       {"status":"firing","labels":{"function_name":"echo"}}]}
            """);

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body())
        .isEqualTo(
            "2 of 3 alerts failed: stuck: no room; broken: the platform failed; its log has the"
                + " cause\n");
    assertThat(gateway.autoscaling().told()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | body: nothing",
        "{'alerts':                  | body: \"no JSON at line 1",
        "[]                          | body: \"[]\"",
        "{}                          | alerts: nothing (expected: a list of alerts)",
        "{'alerts':5}                | alerts: \"5\" (expected: a list)",
        "{'alerts':[5]}              | alerts.0: \"5\"",
        "{'alerts':[{'status':1}]}   | alerts.0.status: \"1\" (expected: a text)",
      })
  void bodyThatIsNoNotification_is400(String body, String sentence) {
    RawAnswer answer = post(body.replace('\'', '"'));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith(sentence);
    assertThat(gateway.autoscaling().told()).isEmpty();
  }

  @Test
  void emptyNotification_isFine() {
    assertThat(post("{\"alerts\":[]}").status()).isEqualTo(200);
    assertThat(post("{\"alerts\":[null]}").status()).isEqualTo(200);
  }

  @Test
  void tooLongNotification_isRefused() {
    String longer = " ".repeat(RunningGateway.MAX_SYSTEM_BODY);

    RawAnswer answer = post("{\"alerts\":[]" + longer + "}");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).endsWith("[--max-system-body]\n");
  }

  @Test
  void tooManyAlerts_areRefused() throws IOException {
    String body = "{\"alerts\":[" + "{},".repeat(AlertsApi.MAX_ALERTS) + "{}]}";
    try (RunningGateway roomy = RunningGateway.withSystemBody(body.length())) {
      RawAnswer answer = roomy.admin("POST", "/system/alert", body);

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).startsWith("alerts: \"10001 of them\" (expected: at most 10000");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BUILTIN, the platform evaluates the rule itself (alerts: builtin",
    "OFF, scaling by alerts is switched off (alerts: off"
  })
  void alertFromOutside_isRefusedUnlessExternal(AlertMode mode, String reason) {
    gateway.autoscaling().setMode(mode);

    RawAnswer answer =
        post("{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"function_name\":\"echo\"}}]}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body())
        .isEqualTo(
            "alerts from outside are refused: " + reason + ", expected: external) [--alerts]\n");
    assertThat(answer.header("X-Barista-Error")).contains("alerts_refused");
    assertThat(gateway.autoscaling().told()).isEmpty();
  }

  @Test
  void alerts_areShown() {
    String other =
        "{\"name\":\"other\",\"namespace\":\"two\",\"state\":\"firing\",\"expression\":\"rate >"
            + " 5\",\"rate\":12.5,\"threshold\":5.0,\"window\":\"10s\",\"for\":\"1m30s\","
            + "\"since\":\"2026-01-01T12:00:00Z\"}";
    String echo =
        "{\"name\":\"echo\",\"namespace\":\"openfaas-fn\",\"state\":\"inactive\","
            + "\"expression\":\"rate > 5\",\"rate\":12.5,\"threshold\":5.0,\"window\":\"10s\","
            + "\"for\":\"1m30s\",\"resolvedAt\":\"2026-01-01T12:00:00.500Z\"}";

    assertThat(get("/system/alerts"))
        .isEqualTo("{\"mode\":\"external\",\"alerts\":[" + other + "," + echo + "]}");
    assertThat(get("/system/alerts?namespace=two"))
        .isEqualTo("{\"mode\":\"external\",\"alerts\":[" + other + "]}");
    assertThat(gateway.admin("GET", "/system/alerts?namespace=-", "").status()).isEqualTo(400);
  }

  @Test
  void report_tellsHowAFunctionScales() {
    String signal =
        "{\"name\":\"alert\",\"value\":12.5,\"target\":5.0,\"unit\":\"calls/s\","
            + "\"window\":\"10s\",\"wanted\":3}";
    String expected =
        "{\"name\":\"echo\",\"namespace\":\"openfaas-fn\",\"scaledBy\":[\"alert\"],\"min\":1,"
            + "\"max\":10,\"desired\":3,\"ready\":2,\"inFlight\":4,\"waiting\":1,\"arrivals\":100,\"callSeconds\":2.5,"
            + "\"panicking\":false,\"signals\":["
            + signal
            + "],\"decisions\":[{\"at\":\"2026-01-01T12:00:00Z\",\"from\":1,\"to\":3,"
            + "\"reason\":\"the alert fires\",\"signals\":["
            + signal
            + "],\"boundedBy\":\"max 3\"}],\"oneMore\":\"the alert goes on firing\"}";

    assertThat(get("/system/function/echo/scaling")).isEqualTo(expected);
    assertThat(get("/system/function/echo.openfaas-fn/scaling")).isEqualTo(expected);
    assertThat(get("/system/function/echo/scaling?namespace=openfaas-fn")).isEqualTo(expected);
  }

  @Test
  void reportOfUnknownFunction_is404() {
    RawAnswer answer = gateway.admin("GET", "/system/function/echo/scaling?namespace=dev", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("unable to find function: echo.dev\n");
  }

  @Test
  void idle_tellsWhatWouldGoToZero() {
    String other =
        "{\"name\":\"other\",\"namespace\":\"two\",\"replicas\":2,\"idle\":\"1h\","
            + "\"limit\":\"30m\",\"toZero\":true,\"reason\":\"idle\"}";

    assertThat(get("/system/scaling/idle"))
        .isEqualTo(
            "[{\"name\":\"echo\",\"namespace\":\"openfaas-fn\",\"replicas\":1,\"idle\":\"1m1s\","
                + "\"limit\":\"15m\",\"toZero\":false,\"reason\":\"not for long yet\"},"
                + other
                + "]");
    assertThat(get("/system/scaling/idle?namespace=two")).isEqualTo("[" + other + "]");
  }
}
