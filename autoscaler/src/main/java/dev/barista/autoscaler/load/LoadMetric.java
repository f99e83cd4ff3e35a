package dev.barista.autoscaler.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a function's load is measured in: {@code com.openfaas.scale.type}. */
public enum LoadMetric {
  /** Calls that arrive in a second, over 30 s. */
  RPS(30, "calls a second"),
  /** Calls in flight, the highest of 45 s. */
  CAPACITY(45, "calls in flight"),
  /** Thousandths of a processor, over 15 s. */
  CPU(15, "thousandths of a processor"),
  /** Asynchronous calls that wait. */
  QUEUE(1, "calls that wait in the queue");

  private final int windowSeconds;
  private final String unit;

  LoadMetric(int windowSeconds, String unit) {
    this.windowSeconds = windowSeconds;
    this.unit = unit;
  }

  /** What the load is taken over. */
  public int windowSeconds() {
    return windowSeconds;
  }

  public String unit() {
    return unit;
  }

  /** As in the label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<LoadMetric> of(String label) {
    return Arrays.stream(values()).filter(metric -> metric.label().equals(label)).findFirst();
  }
}
