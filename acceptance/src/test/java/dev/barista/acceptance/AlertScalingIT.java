package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of {@code deploy/prometheus} with Debian's Prometheus and AlertManager, shorter
 * intervals and free ports: 1 → 10 under load, and back.
 */
class AlertScalingIT {

  private static final String DEPLOYMENT =
      """
      {"service":"watched","image":"functions/alpine:latest","envProcess":"cat","labels":{
       "com.openfaas.scale.min":"1","com.openfaas.scale.max":"10",
       "com.openfaas.scale.factor":"50"}}
      """;

  @TempDir private Path folder;

  @Test
  void prometheusAndAlertManager_scaleToTheMaximumAndBack() throws Exception {
    Path prometheus = Tools.require("prometheus");
    Path alertManager = Tools.require("prometheus-alertmanager");
    int prometheusPort = Ports.free();
    int alertManagerPort = Ports.free();
    try (Barista barista = Barista.start(folder.resolve("data"), "--alerts", "external")) {
      configure(barista, alertManagerPort);
      try (Program _ =
              start(
                  alertManager,
                  "alertmanager.yml",
                  alertManagerPort,
                  "--storage.path=alerts",
                  "--cluster.listen-address=");
          Program _ =
              start(prometheus, "prometheus.yml", prometheusPort, "--storage.tsdb.path=metrics")) {
        watch(barista, "http://127.0.0.1:" + prometheusPort);
      }
    }
  }

  private static void watch(Barista barista, String prometheus) {
    assertThat(barista.deploy(DEPLOYMENT).statusCode()).isEqualTo(202);
    patiently().until(() -> isUp(barista, prometheus));
    assertThat(barista.command("alerts").succeeded().err()).contains("AlertManager");

    try (SteadyLoad load = SteadyLoad.on(barista, "watched")) {
      patiently().until(() -> state(barista, prometheus).equals("pending"));
      patiently().until(() -> state(barista, prometheus).equals("firing"));
      patiently().until(() -> barista.status("watched").contains("\"replicas\":10"));
      assertThat(load.failures()).isZero();
    }
    patiently().until(() -> state(barista, prometheus).equals("inactive"));
    patiently().until(() -> barista.status("watched").contains("\"replicas\":1,"));

    // A change is logged, and remembered, once it is done.
    patiently()
        .untilAsserted(
            () ->
                assertThat(ScalingHistory.of(barista, "watched").replicas())
                    .containsExactly(6, 10, 1));
    assertThat(barista.command("why", "watched").succeeded().out())
        .contains("1 => 6", "6 => 10", "10 => 1", "told by AlertManager");
  }

  /** The shipped files with what a test needs otherwise; each replacement must find its place. */
  private void configure(Barista barista, int alertManagerPort) throws IOException {
    write(
        "prometheus.yml",
        Map.of(
            "127.0.0.1:8082", "127.0.0.1:" + barista.metricsPort(),
            "127.0.0.1:9093", "127.0.0.1:" + alertManagerPort,
            "scrape_interval: 2s", "scrape_interval: 1s",
            "scrape_timeout: 2s", "scrape_timeout: 1s",
            "evaluation_interval: 1s", "evaluation_interval: 500ms"));
    write("alert.rules.yml", Map.of("[10s]", "[6s]", "for: 5s", "for: 2s"));
    write(
        "alertmanager.yml",
        Map.of(
            "http://127.0.0.1:8080",
            barista.url().toString(),
            "/etc/prometheus/barista-password",
            barista.data().resolve("secrets/basic-auth-password").toString(),
            "group_interval: 5s",
            "group_interval: 1s",
            "repeat_interval: 30s",
            "repeat_interval: 2s"));
  }

  private void write(String file, Map<String, String> replacements) throws IOException {
    String text = Files.readString(Barista.home().resolve("deploy/prometheus").resolve(file));
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      assertThat(text).contains(replacement.getKey());
      text = text.replace(replacement.getKey(), replacement.getValue());
    }
    Files.writeString(folder.resolve(file), text);
  }

  private Program start(Path program, String config, int port, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--config.file=" + config);
    arguments.add("--web.listen-address=127.0.0.1:" + port);
    return Program.start(folder, folder.resolve(config + ".log"), program, arguments);
  }

  /** Whether Prometheus reads the platform's metrics. */
  private static boolean isUp(Barista barista, String prometheus) {
    return asked(barista, prometheus + "/api/v1/query?query=up").contains(",\"1\"]");
  }

  /** {@code inactive}, {@code pending} or {@code firing}, as Prometheus's own page shows it. */
  private static String state(Barista barista, String prometheus) {
    String alerts = asked(barista, prometheus + "/api/v1/alerts");
    if (!alerts.contains("\"function_name\":\"watched.openfaas-fn\"")) {
      return "inactive";
    }
    return alerts.contains("\"state\":\"pending\"") ? "pending" : "firing";
  }

  /** Nothing while it doesn't listen yet. */
  private static String asked(Barista barista, String url) {
    return barista
        .sendAsync(HttpRequest.newBuilder(URI.create(url)))
        .handle((answer, failure) -> failure == null ? answer.body() : "")
        .join();
  }
}
