package dev.barista.gateway.metrics;

/** More families for the end of a scrape. Thread-safe; returns quickly. */
@FunctionalInterface
public interface MetricFamilies {
  void writeTo(FamilyWriter out);
}
