package dev.barista.gateway.metrics;

import dev.barista.http.RequestObserver;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Requests of a listener by method, route family and status. Thread-safe, without a lock. */
final class HttpMetrics implements RequestObserver {

  private static final String TOTAL = "http_requests_total";
  private static final String SECONDS = "http_request_duration_seconds";

  /** By family, then by method: both are bounded by whoever calls. */
  private final ConcurrentMap<String, ConcurrentMap<String, StatusHistograms>> families =
      new ConcurrentHashMap<>();

  @Override
  public void ended(String family, String method, int status, long nanos) {
    ConcurrentMap<String, StatusHistograms> methods = families.get(family);
    if (methods == null) {
      methods = families.computeIfAbsent(family, _ -> new ConcurrentHashMap<>());
    }
    StatusHistograms histograms = methods.get(method);
    if (histograms == null) {
      histograms = methods.computeIfAbsent(method, _ -> new StatusHistograms());
    }
    histograms.record(status, nanos);
  }

  void writeTo(StringBuilder out) {
    Exposition.family(out, TOTAL, "counter", "Requests by method, route and status.");
    forEach((labels, histogram) -> Exposition.sample(out, TOTAL, labels, histogram.count()));
    Exposition.family(out, SECONDS, "histogram", "Duration of requests.");
    forEach((labels, histogram) -> histogram.writeTo(out, SECONDS, labels));
  }

  private interface SeriesVisitor {
    void visit(String labels, Histogram histogram);
  }

  private void forEach(SeriesVisitor visitor) {
    new TreeMap<>(families)
        .forEach(
            (family, methods) ->
                new TreeMap<>(methods)
                    .forEach(
                        (method, histograms) ->
                            histograms.forEach(
                                (status, histogram) ->
                                    visitor.visit(labels(family, method, status), histogram))));
  }

  private static String labels(String family, String method, int status) {
    return Exposition.label("method", method)
        + ","
        + Exposition.label("path", family)
        + ",status=\""
        + status
        + '"';
  }
}
