package dev.barista.watchdog;

import dev.barista.http.MethodNames;
import java.util.Locale;
import java.util.TreeMap;

/**
 * The three metric families of OpenFaaS's watchdogs. Labels are the status and the method; methods
 * that a client has made up share one, so the number of series is bounded. Thread-safe.
 */
final class WatchdogMetrics {

  /** Upper bounds in seconds: the usual ones of Prometheus's client libraries. */
  private static final double[] BUCKETS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  private static final String OTHER_METHOD = "UNKNOWN";

  private record Key(int status, String method) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byStatus = Integer.compare(status, other.status);
      return byStatus != 0 ? byStatus : method.compareTo(other.method);
    }

    String labels() {
      return "code=\"" + status + "\",method=\"" + method.toLowerCase(Locale.ROOT) + "\"";
    }
  }

  private static final class Series {
    private final long[] counts = new long[BUCKETS.length];
    private long total;
    private double seconds;
  }

  private final InflightLimit limit;

  // Mutable state, guarded by this
  private final TreeMap<Key, Series> series = new TreeMap<>();

  WatchdogMetrics(InflightLimit limit) {
    this.limit = limit;
  }

  synchronized void record(int status, String method, long elapsedNanos) {
    Series one = series.computeIfAbsent(new Key(status, counted(method)), _ -> new Series());
    double seconds = elapsedNanos / 1e9;
    one.total++;
    one.seconds += seconds;
    for (int i = 0; i < BUCKETS.length; i++) {
      if (seconds <= BUCKETS[i]) {
        one.counts[i]++;
      }
    }
  }

  private static String counted(String method) {
    return MethodNames.isKnown(method) ? method : OTHER_METHOD;
  }

  /** Prometheus's text format. */
  synchronized String scrape() {
    var text = new StringBuilder(4096);
    head(text, "http_request_duration_seconds", "histogram", "Seconds from a call to its answer.");
    series.forEach((key, one) -> histogram(text, key.labels(), one));
    head(text, "http_requests_in_flight", "gauge", "Calls that run.");
    text.append("http_requests_in_flight ").append(limit.running()).append('\n');
    head(text, "http_requests_total", "counter", "Calls answered.");
    series.forEach(
        (key, one) -> text.append("http_requests_total{" + key.labels() + "} " + one.total + "\n"));
    return text.toString();
  }

  private static void histogram(StringBuilder text, String labels, Series one) {
    String name = "http_request_duration_seconds";
    for (int i = 0; i < BUCKETS.length; i++) {
      text.append(name + "_bucket{" + labels + ",le=\"" + bound(BUCKETS[i]) + "\"} ");
      text.append(one.counts[i]).append('\n');
    }
    text.append(name + "_bucket{" + labels + ",le=\"+Inf\"} " + one.total + "\n");
    text.append(name + "_sum{" + labels + "} " + one.seconds + "\n");
    text.append(name + "_count{" + labels + "} " + one.total + "\n");
  }

  private static String bound(double seconds) {
    return seconds == (long) seconds ? String.valueOf((long) seconds) : String.valueOf(seconds);
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
  }
}
