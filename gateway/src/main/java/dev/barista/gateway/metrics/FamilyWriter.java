package dev.barista.gateway.metrics;

import java.util.List;

/** Writes families in the Prometheus text format. For one thread. */
public final class FamilyWriter {

  private final StringBuilder out;

  FamilyWriter(StringBuilder out) {
    this.out = out;
  }

  /**
   * Begins a family; its samples follow.
   *
   * @param type {@code gauge} or {@code counter}
   */
  public FamilyWriter family(String name, String type, String help) {
    Exposition.family(out, name, type, help);
    return this;
  }

  /**
   * @param labels name, value, name, value …
   */
  public FamilyWriter sample(String name, List<String> labels, double value) {
    out.append(name);
    for (int i = 0; i + 1 < labels.size(); i += 2) {
      out.append(i == 0 ? '{' : ',').append(Exposition.label(labels.get(i), labels.get(i + 1)));
    }
    out.append(labels.size() < 2 ? " " : "} ").append(Exposition.number(value)).append('\n');
    return this;
  }
}
