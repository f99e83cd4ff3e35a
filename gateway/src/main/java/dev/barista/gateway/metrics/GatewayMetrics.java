package dev.barista.gateway.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import dev.barista.api.FunctionName;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.http.RequestObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the gateway counts, in OpenFaaS's names, and its scrape. Counting takes no lock; labels are
 * bounded by the deployed functions, the routes and the status codes. A deleted function's series
 * go with it. Thread-safe.
 */
public final class GatewayMetrics {

  private static final String FUNCTION_LABEL = "function_name";

  private final ConcurrentMap<FunctionName, FunctionMetrics> functions = new ConcurrentHashMap<>();
  private final HttpMetrics http = new HttpMetrics();

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

  /** {@code GET /metrics}. */
  public void scrape(Exchange exchange) throws IOException {
    exchange.respond(
        new Answer(
            200,
            Headers.of("Content-Type", Exposition.CONTENT_TYPE),
            exposition().getBytes(UTF_8)));
  }

  /** Everything, sorted, in the Prometheus text format. */
  public String exposition() {
    List<FunctionMetrics> sorted =
        functions.values().stream().sorted(comparing(FunctionMetrics::name)).toList();
    StringBuilder out = new StringBuilder(4096);
    writeTotals(out, sorted);
    writeSeconds(out, sorted);
    writeStarted(out, sorted);
    writeReplicas(out, sorted);
    http.writeTo(out);
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

  private static String label(FunctionMetrics function) {
    return Exposition.label(FUNCTION_LABEL, function.name().toString());
  }

  private static String labels(FunctionMetrics function, int status) {
    return "code=\"" + status + "\"," + label(function);
  }
}
