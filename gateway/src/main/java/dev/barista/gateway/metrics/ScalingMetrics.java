package dev.barista.gateway.metrics;

import dev.barista.autoscaler.ScalingGauges;
import dev.barista.autoscaler.SignalReading;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The autoscaler's gauges: bounds, target and load by the names that OpenFaaS's paid edition has,
 * and panic.
 */
public final class ScalingMetrics implements MetricFamilies {

  private static final String FUNCTION = "function_name";
  private static final String TYPE = "scaling_type";

  private final Supplier<List<ScalingGauges>> functions;

  /**
   * @param functions in the order in which they are written
   */
  public ScalingMetrics(Supplier<List<ScalingGauges>> functions) {
    this.functions = functions;
  }

  private interface Samples {
    void of(ScalingGauges function, FamilyWriter out);
  }

  @Override
  public void writeTo(FamilyWriter out) {
    List<ScalingGauges> all = functions.get();
    write(
        out,
        all,
        "gateway_service_min",
        "Fewest replicas of a function, unless it is at zero.",
        (function, to) -> to.sample("gateway_service_min", labels(function), function.min()));
    write(
        out,
        all,
        "gateway_service_max",
        "Most replicas of a function.",
        (function, to) -> to.sample("gateway_service_max", labels(function), function.max()));
    signals(out, all, "gateway_service_target", "Load that one replica is to carry.", true);
    signals(out, all, "gateway_service_target_load", "Load of a function.", false);
    write(
        out,
        all,
        "barista_function_panic",
        "Whether panic mode keeps a function from shrinking.",
        (function, to) ->
            to.sample("barista_function_panic", labels(function), function.panicking() ? 1 : 0));
  }

  private static void signals(
      FamilyWriter out, List<ScalingGauges> all, String name, String help, boolean target) {
    write(
        out,
        all,
        name,
        help,
        (function, to) -> {
          for (SignalReading signal : firstOfEach(function.signals())) {
            to.sample(
                name,
                List.of(FUNCTION, function.function().toString(), TYPE, signal.name()),
                target ? signal.target() : signal.value());
          }
        });
  }

  /** Knative's way reads the same load over two windows; the stable one comes first. */
  private static Collection<SignalReading> firstOfEach(List<SignalReading> signals) {
    Map<String, SignalReading> first = new LinkedHashMap<>();
    signals.forEach(signal -> first.putIfAbsent(signal.name(), signal));
    return first.values();
  }

  private static void write(
      FamilyWriter out, List<ScalingGauges> all, String name, String help, Samples samples) {
    out.family(name, "gauge", help);
    all.forEach(function -> samples.of(function, out));
  }

  private static List<String> labels(ScalingGauges function) {
    return List.of(FUNCTION, function.function().toString());
  }
}
