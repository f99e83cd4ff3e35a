package dev.barista.gateway.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One histogram per status code that occurred. Thread-safe, without a lock. Takes next to nothing
 * while nothing is recorded: thousands of functions are never called. Codes are few, so they are
 * searched one by one.
 */
final class StatusHistograms {

  private static final int CODES = 1000;

  /** Receives each code that occurred, in ascending order. */
  interface Visitor {
    void visit(int status, Histogram histogram);
  }

  private record Entry(int status, Histogram histogram) {}

  /** Sorted by status; replaced when a code occurs for the first time. */
  private final AtomicReference<Entry[]> entries = new AtomicReference<>(new Entry[0]);

  void record(int status, long nanos) {
    of(status > 0 && status < CODES ? status : 0).record(nanos);
  }

  private Histogram of(int status) {
    while (true) {
      Entry[] present = entries.get();
      int at = 0;
      while (at < present.length && present[at].status() < status) {
        at++;
      }
      if (at < present.length && present[at].status() == status) {
        return present[at].histogram();
      }
      entries.compareAndSet(present, with(present, at, status));
    }
  }

  private static Entry[] with(Entry[] present, int at, int status) {
    Entry[] more = Arrays.copyOf(present, present.length + 1);
    System.arraycopy(present, at, more, at + 1, present.length - at);
    more[at] = new Entry(status, new Histogram());
    return more;
  }

  void forEach(Visitor visitor) {
    for (Entry entry : entries.get()) {
      visitor.visit(entry.status(), entry.histogram());
    }
  }

  /** Of every code. */
  long count() {
    long sum = 0;
    for (Entry entry : entries.get()) {
      sum += entry.histogram().count();
    }
    return sum;
  }
}
