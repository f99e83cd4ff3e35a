package dev.barista.autoscaler.policy;

import dev.barista.api.FunctionSpec;
import dev.barista.api.ScaleBounds;
import dev.barista.autoscaler.load.LoadMetric;
import dev.barista.autoscaler.load.TargetPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knative's other class of autoscaler, {@code hpa.autoscaling.knative.dev}, as far as a single
 * server can do what Kubernetes does there: the metric {@code cpu}, whose target is a percentage of
 * the processor that the function requests.
 */
final class HpaAnnotations {

  private static final double DEFAULT_PERCENT = 80;
  private static final double ALL = 100;

  private HpaAnnotations() {}

  static boolean asked(SettingMap annotations) {
    return annotations.text(KnativeAnnotations.CLASS).equals(Optional.of(KnativeAnnotations.HPA));
  }

  static List<TargetPolicy> read(
      SettingMap annotations, FunctionSpec spec, ScaleBounds labels, int maxReplicas) {
    annotations.of(KnativeAnnotations.PREFIX + "metric").oneOf("cpu", Set.of("cpu"));
    double percent =
        annotations
            .of(KnativeAnnotations.PREFIX + "target")
            .number(1, 1000, "a percentage of requests.cpu, 1 to 1000")
            .orElse(DEFAULT_PERCENT);
    long requested =
        spec.requests()
            .cpuMillis()
            .orElseThrow(
                () ->
                    annotations
                        .of(KnativeAnnotations.CLASS)
                        .bad(
                            "with a function that has requests.cpu, of which the target is a"
                                + " share"));
    int min = whole(annotations, "min-scale", "minScale", maxReplicas).orElse(labels.min());
    int max =
        whole(annotations, "max-scale", "maxScale", maxReplicas)
            .filter(n -> n > 0)
            .orElse(labels.max());
    if (max < min) {
      throw annotations
          .either(KnativeAnnotations.PREFIX + "max-scale", KnativeAnnotations.PREFIX + "maxScale")
          .bad("at least min-scale, which is " + min);
    }
    return List.of(
        new TargetPolicy(
            LoadMetric.CPU,
            requested * percent / ALL,
            1,
            Math.max(1, min),
            Math.max(1, max),
            TargetPolicy.LONGEST_DOWN_WINDOW));
  }

  private static Optional<Integer> whole(
      SettingMap annotations, String key, String alias, int maxReplicas) {
    return annotations
        .either(KnativeAnnotations.PREFIX + key, KnativeAnnotations.PREFIX + alias)
        .whole(0, maxReplicas);
  }
}
