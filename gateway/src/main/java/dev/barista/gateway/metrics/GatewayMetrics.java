package dev.barista.gateway.metrics;

import static java.util.Comparator.comparing;

import dev.barista.api.FunctionName;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.RequestObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/**
 * What the gateway counts, in OpenFaaS's names, and its scrape. Counting takes no lock; labels are
 * bounded by the deployed functions, the routes and the status codes. A deleted function's series
 * go with it. Thread-safe.
 */
public final class GatewayMetrics {

  private static final String FUNCTION_LABEL = "function_name";

  private final ConcurrentMap<FunctionName, FunctionMetrics> functions = new ConcurrentHashMap<>();
  private final HttpMetrics http = new HttpMetrics();
  private final ColdStarts coldStarts = new ColdStarts();
  private final List<MetricFamilies> more = new CopyOnWriteArrayList<>();

  /** Those of a deployed function, made when there are none yet. */
  public FunctionMetrics function(FunctionName name) {
    return functions.computeIfAbsent(name, FunctionMetrics::new);
  }

  /** Forgets a deleted function. */
  public void remove(FunctionName name) {
    functions.remove(name);
  }

  /** Calls of a function that ended, whatever their status; 0 for an unknown one. */
  public double invocationCount(FunctionName name) {
    FunctionMetrics metrics = functions.get(name);
    return metrics == null ? 0 : metrics.ended();
  }

  /** Counts the requests of a listener. */
  public RequestObserver requests() {
    return http;
  }

  /** Of all functions. */
  public ColdStarts coldStarts() {
    return coldStarts;
  }

  /** Has every scrape end in these as well. */
  public void append(MetricFamilies families) {
    more.add(families);
  }

  /** {@code GET /metrics}. */
  public void scrape(Exchange exchange) throws IOException {
    exchange.respond(Answer.metrics(exposition()));
  }

  /** Everything in the Prometheus text format: OpenFaaS's families, then those of others. */
  public String exposition() {
    List<FunctionMetrics> sorted =
        functions.values().stream().sorted(comparing(FunctionMetrics::name)).toList();
    StringBuilder out = new StringBuilder(4096);
    writeTotals(out, sorted);
    writeSeconds(out, sorted);
    writeStarted(out, sorted);
    writeReplicas(out, sorted);
    http.writeTo(out);
    writeGauges(out, sorted);
    coldStarts.writeTo(out);
    more.forEach(families -> families.writeTo(new FamilyWriter(out)));
    return out.toString();
  }

  private static void writeTotals(StringBuilder out, List<FunctionMetrics> functions) {
    String name = "gateway_function_invocation_total";
    Exposition.family(out, name, "counter", "Completed invocations of a function, by status.");
    for (FunctionMetrics function : functions) {
      function
          .byStatus()
          .forEach(
              (status, histogram) ->
                  Exposition.sample(out, name, labels(function, status), histogram.count()));
    }
  }

  private static void writeSeconds(StringBuilder out, List<FunctionMetrics> functions) {
    String name = "gateway_functions_seconds";
    Exposition.family(out, name, "histogram", "Duration of invocations, by status.");
    for (FunctionMetrics function : functions) {
      function
          .byStatus()
          .forEach((status, histogram) -> histogram.writeTo(out, name, labels(function, status)));
    }
  }

  private static void writeStarted(StringBuilder out, List<FunctionMetrics> functions) {
    String name = "gateway_function_invocation_started";
    Exposition.family(out, name, "counter", "Invocations of a function that began.");
    for (FunctionMetrics function : functions) {
      Exposition.sample(out, name, label(function), function.started());
    }
  }

  private static void writeReplicas(StringBuilder out, List<FunctionMetrics> functions) {
    String name = "gateway_service_count";
    Exposition.family(out, name, "gauge", "Desired replicas of a function.");
    for (FunctionMetrics function : functions) {
      Exposition.sample(out, name, label(function), function.desiredReplicas());
    }
  }

  private static void writeGauges(StringBuilder out, List<FunctionMetrics> functions) {
    writeGauge(
        out,
        functions,
        "gateway_function_invocation_inflight",
        "Invocations of a function that have not ended, those that wait included.",
        FunctionMetrics.Gauges::inFlight);
    writeGauge(
        out,
        functions,
        "gateway_service_ready_count",
        "Replicas of a function that take calls.",
        FunctionMetrics.Gauges::ready);
    writeGauge(
        out,
        functions,
        "barista_function_waiting",
        "Invocations of a function that wait for a replica.",
        FunctionMetrics.Gauges::waiting);
  }

  private static void writeGauge(
      StringBuilder out,
      List<FunctionMetrics> functions,
      String name,
      String help,
      ToIntFunction<FunctionMetrics.Gauges> value) {
    Exposition.family(out, name, "gauge", help);
    for (FunctionMetrics function : functions) {
      Exposition.sample(out, name, label(function), value.applyAsInt(function.gauges()));
    }
  }

  private static String label(FunctionMetrics function) {
    return Exposition.label(FUNCTION_LABEL, function.name().toString());
  }

  private static String labels(FunctionMetrics function, int status) {
    return "code=\"" + status + "\"," + label(function);
  }
}
