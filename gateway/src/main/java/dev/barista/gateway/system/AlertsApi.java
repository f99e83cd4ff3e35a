package dev.barista.gateway.system;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.wire.AlertList;
import dev.barista.api.wire.AlertNotification;
import dev.barista.autoscaler.AlertMode;
import dev.barista.autoscaler.AlertReport;
import dev.barista.autoscaler.Autoscaling;
import dev.barista.concurrency.GoDuration;
import dev.barista.http.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handlers of {@code /system/alerts}, which shows the platform's own alerts, and of {@code
 * /system/alert}, to which AlertManager posts. Only one of the two evaluates the rule at a time.
 * Thread-safe.
 */
final class AlertsApi {

  /** Of one notification. An honest one has an alert for each function of a group. */
  static final int MAX_ALERTS = 10_000;

  private static final String MODE_SETTING = "--alerts";

  private final Autoscaling autoscaling;
  private final AlertReceiver receiver;
  private final JsonBodies json;
  private final Names names;

  AlertsApi(Autoscaling autoscaling, JsonBodies json, String defaultNamespace) {
    this.autoscaling = autoscaling;
    this.receiver = new AlertReceiver(autoscaling, defaultNamespace);
    this.json = json;
    this.names = new Names(defaultNamespace);
  }

  /** {@code GET /system/alerts}, of one namespace when one is named. */
  void list(Exchange exchange) throws IOException {
    Optional<String> namespace = names.namedNamespace(exchange);
    List<AlertList.Alert> alerts =
        autoscaling.alerts().stream()
            .filter(
                alert ->
                    namespace.isEmpty() || alert.function().namespace().equals(namespace.get()))
            .map(AlertsApi::body)
            .toList();
    exchange.respond(json.answer(200, new AlertList(word(autoscaling.alertMode()), alerts)));
  }

  /**
   * {@code POST /system/alert}. Answers 200 with a line for each alert once all were handled. A
   * function that isn't deployed, or a status that is neither firing nor resolved, is told in its
   * line and doesn't keep the others from being handled, nor does AlertManager send the
   * notification again for it.
   *
   * @throws FaasException {@code ALERTS_REFUSED} when alerts from outside don't count; {@code
   *     INTERNAL} when a function could not be scaled, so that AlertManager tries again
   */
  void receive(Exchange exchange) throws IOException {
    requireExternal(autoscaling.alertMode());
    AlertNotification notification = json.read(exchange, AlertNotification.class);
    exchange.respond(receiver.handle(alerts(notification.alerts())));
  }

  private static void requireExternal(AlertMode mode) {
    String reason =
        switch (mode) {
          case EXTERNAL -> "";
          case BUILTIN -> "the platform evaluates the rule itself";
          case OFF -> "scaling by alerts is switched off";
        };
    if (!reason.isEmpty()) {
      throw new FaasException(
          ErrorCode.ALERTS_REFUSED,
          "gateway",
          "alerts from outside are refused: %s (alerts: %s, expected: external)"
              .formatted(reason, word(mode)),
          MODE_SETTING,
          null);
    }
  }

  private static List<AlertNotification.@Nullable Alert> alerts(
      @Nullable List<AlertNotification.@Nullable Alert> alerts) {
    if (alerts == null) {
      throw FaasException.badField("alerts", null, "a list of alerts");
    }
    if (alerts.size() > MAX_ALERTS) {
      throw FaasException.badField(
          "alerts",
          alerts.size() + " of them",
          "at most " + MAX_ALERTS + "; AlertManager's group_by makes smaller groups");
    }
    return alerts;
  }

  private static AlertList.Alert body(AlertReport report) {
    return new AlertList.Alert(
        report.function().name(),
        report.function().namespace(),
        report.state(),
        report.expression(),
        report.rate(),
        report.threshold(),
        GoDuration.show(report.window()),
        GoDuration.show(report.hold()),
        report.since().orElse(null),
        report.resolvedAt().orElse(null));
  }

  private static String word(AlertMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
