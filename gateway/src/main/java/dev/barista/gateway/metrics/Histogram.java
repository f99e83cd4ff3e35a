package dev.barista.gateway.metrics;

import java.util.concurrent.atomic.LongAdder;

/** How often something took how long. Thread-safe, without a lock. */
final class Histogram {

  /** Upper bounds in nanoseconds: those that Prometheus clients use by default. */
  private static final long[] BOUNDS = {
    5_000_000L,
    10_000_000L,
    25_000_000L,
    50_000_000L,
    100_000_000L,
    250_000_000L,
    500_000_000L,
    1_000_000_000L,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L
  };

  private static final String[] LABELS = {
    "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10"
  };

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  Histogram() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void record(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sumNanos.add(nanos);
  }

  long count() {
    long count = 0;
    for (LongAdder bucket : buckets) {
      count += bucket.sum();
    }
    return count;
  }

  /**
   * Writes {@code _bucket}, {@code _sum} and {@code _count} lines.
   *
   * @param labels as in {@code a="x",b="y"}
   */
  void writeTo(StringBuilder out, String name, String labels) {
    long count = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      count += buckets[i].sum();
      writeBucket(out, name, labels, LABELS[i], count);
    }
    count += buckets[BOUNDS.length].sum();
    writeBucket(out, name, labels, "+Inf", count);
    double seconds = sumNanos.sum() / 1e9;
    out.append(name).append("_sum{").append(labels).append("} ");
    out.append(Exposition.number(seconds)).append('\n');
    out.append(name).append("_count{").append(labels).append("} ").append(count).append('\n');
  }

  private static void writeBucket(
      StringBuilder out, String name, String labels, String bound, long count) {
    out.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound);
    out.append("\"} ").append(count).append('\n');
  }
}
