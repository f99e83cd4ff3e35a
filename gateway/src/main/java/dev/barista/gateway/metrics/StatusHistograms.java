package dev.barista.gateway.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** One histogram per status code that occurred. Thread-safe, without a lock. */
final class StatusHistograms {

  private static final int CODES = 1000;

  /** Receives each code that occurred, in ascending order. */
  interface Visitor {
    void visit(int status, Histogram histogram);
  }

  private final AtomicReferenceArray<@Nullable Histogram> byStatus =
      new AtomicReferenceArray<>(CODES);

  void record(int status, long nanos) {
    of(status).record(nanos);
  }

  private Histogram of(int status) {
    int index = status > 0 && status < CODES ? status : 0;
    Histogram present = byStatus.get(index);
    if (present != null) {
      return present;
    }
    Histogram fresh = new Histogram();
    Histogram before = byStatus.compareAndExchange(index, null, fresh);
    return before == null ? fresh : before;
  }

  void forEach(Visitor visitor) {
    for (int status = 0; status < CODES; status++) {
      Histogram histogram = byStatus.get(status);
      if (histogram != null) {
        visitor.visit(status, histogram);
      }
    }
  }

  /** Of every code. */
  long count() {
    long[] sum = new long[1];
    forEach((_, histogram) -> sum[0] += histogram.count());
    return sum[0];
  }
}
