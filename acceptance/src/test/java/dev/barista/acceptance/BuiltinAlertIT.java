package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenFaaS's auto-scaling lab with nothing but the platform: 1 → 10 under load, and back. */
@ExtendWith(SharedBarista.class)
class BuiltinAlertIT {

  private static final String DEPLOYMENT =
      """
      {"service":"alerted","image":"functions/alpine:latest","envProcess":"cat","labels":{
       "com.openfaas.scale.min":"1","com.openfaas.scale.max":"10","com.openfaas.scale.factor":"50",
       "com.openfaas.scale.alert.threshold":"5","com.openfaas.scale.alert.window":"4s",
       "com.openfaas.scale.alert.for":"5s","com.openfaas.scale.alert.repeat":"2s"}}
      """;

  private final Barista barista;

  BuiltinAlertIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void load_scalesToTheMaximumAndBack_throughPendingFiringResolved() {
    assertThat(barista.deploy(DEPLOYMENT).statusCode()).isEqualTo(202);
    assertThat(alertLine()).contains("inactive");

    try (SteadyLoad load = SteadyLoad.on(barista, "alerted")) {
      patiently().until(() -> alertLine().contains("pending"));
      patiently().until(() -> alertLine().contains("firing"));
      patiently().until(() -> barista.status("alerted").contains("\"replicas\":10"));
      assertThat(alert()).contains("\"state\":\"firing\"", "\"threshold\":5.0", "\"for\":\"5s\"");
      assertThat(load.failures()).isZero();
    }
    patiently().until(() -> alertLine().contains("resolved"));
    patiently().until(() -> barista.status("alerted").contains("\"replicas\":1,"));

    // A change is logged, and remembered, once it is done.
    patiently()
        .untilAsserted(
            () ->
                assertThat(ScalingHistory.of(barista, "alerted").replicas())
                    .containsExactly(6, 10, 1));
    assertThat(barista.command("why", "alerted").succeeded().out())
        .contains("1 => 6", "6 => 10", "10 => 1", "max 10 [com.openfaas.scale.max]");
    barista.delete("alerted");
  }

  @Test
  void alertFromOutside_isRefused() {
    HttpResponse<String> answer =
        barista.send(
            barista.admin("/system/alert").POST(BodyPublishers.ofString("{\"alerts\":[]}")));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("alerts: builtin, expected: external", "[--alerts]");
  }

  /** Of the command line. */
  private String alertLine() {
    return barista
        .command("alerts")
        .succeeded()
        .out()
        .lines()
        .filter(line -> line.startsWith("alerted "))
        .findFirst()
        .orElse("");
  }

  private String alert() {
    return barista.send(barista.admin("/system/alerts")).body();
  }
}
