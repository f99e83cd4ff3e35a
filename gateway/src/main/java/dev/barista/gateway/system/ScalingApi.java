package dev.barista.gateway.system;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.wire.IdleStatus;
import dev.barista.api.wire.ScalingStatus;
import dev.barista.autoscaler.Autoscaling;
import dev.barista.autoscaler.IdleReport;
import dev.barista.autoscaler.ScalingDecision;
import dev.barista.autoscaler.ScalingReport;
import dev.barista.autoscaler.SignalReading;
import dev.barista.concurrency.GoDuration;
import dev.barista.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the autoscaler tells people and is told by alerts, each handler for one route. Thread-safe.
 */
public final class ScalingApi {

  private final Autoscaling autoscaling;
  private final AlertsApi alerts;
  private final JsonBodies json;
  private final Names names;

  public ScalingApi(Autoscaling autoscaling, JsonBodies json, String defaultNamespace) {
    this.autoscaling = autoscaling;
    this.alerts = new AlertsApi(autoscaling, json, defaultNamespace);
    this.json = json;
    this.names = new Names(defaultNamespace);
  }

  /** {@code GET /system/function/NAME/scaling}. */
  public void report(Exchange exchange) throws IOException {
    FunctionName name = names.function(exchange.pathVariable("name"), null, exchange);
    ScalingReport report =
        autoscaling.report(name).orElseThrow(() -> FaasException.functionNotFound(name));
    exchange.respond(json.answer(200, body(report)));
  }

  /** {@code GET /system/scaling/idle}: a dry run, of one namespace when one is named. */
  public void idle(Exchange exchange) throws IOException {
    Optional<String> namespace = names.namedNamespace(exchange);
    List<IdleStatus> functions =
        autoscaling.idle().stream()
            .filter(idle -> namespace.isEmpty() || isIn(idle.function(), namespace.get()))
            .map(ScalingApi::body)
            .toList();
    exchange.respond(json.answer(200, functions));
  }

  /** {@code GET /system/alerts}, of one namespace when one is named. */
  public void alerts(Exchange exchange) throws IOException {
    alerts.list(exchange);
  }

  /** {@code POST /system/alert}: what AlertManager posts. */
  public void alert(Exchange exchange) throws IOException {
    alerts.receive(exchange);
  }

  private static boolean isIn(FunctionName function, String namespace) {
    return function.namespace().equals(namespace);
  }

  private static ScalingStatus body(ScalingReport report) {
    return new ScalingStatus(
        report.function().name(),
        report.function().namespace(),
        report.scaledBy(),
        report.min(),
        report.max(),
        report.desired(),
        report.ready(),
        report.inFlight(),
        report.waiting(),
        report.arrivals(),
        report.callSeconds(),
        report.panicking(),
        signals(report.signals()),
        report.decisions().stream().map(ScalingApi::body).toList(),
        report.oneMore().orElse(null),
        report.zero().orElse(null));
  }

  private static ScalingStatus.Decision body(ScalingDecision decision) {
    return new ScalingStatus.Decision(
        decision.at(),
        decision.from(),
        decision.to(),
        decision.reason(),
        signals(decision.signals()),
        decision.boundedBy().orElse(null));
  }

  private static List<ScalingStatus.Signal> signals(List<SignalReading> readings) {
    return readings.stream()
        .map(
            signal ->
                new ScalingStatus.Signal(
                    signal.name(),
                    signal.value(),
                    signal.target(),
                    signal.unit(),
                    signal.window(),
                    signal.wanted()))
        .toList();
  }

  private static IdleStatus body(IdleReport report) {
    return new IdleStatus(
        report.function().name(),
        report.function().namespace(),
        report.replicas(),
        GoDuration.show(Duration.ofSeconds(report.idle().toSeconds())),
        GoDuration.show(report.limit()),
        report.toZero(),
        report.reason());
  }
}
