package dev.barista.autoscaler.policy;

import dev.barista.api.ScaleBounds;
import dev.barista.autoscaler.load.LoadMetric;
import dev.barista.autoscaler.load.TargetPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenFaaS's labels for scaling towards a load per replica. {@code type} and {@code target} may
 * list several, in the same order, of which the one that wants the most replicas wins: {@code type:
 * rps,cpu} with {@code target: 50,500}.
 */
final class TargetLabels {

  private static final String TYPE = "com.openfaas.scale.type";
  private static final String TARGET = "com.openfaas.scale.target";
  private static final String PROPORTION = "com.openfaas.scale.target-proportion";
  private static final String DOWN_WINDOW = "com.openfaas.scale.down.window";

  private static final double MOST = 1e9;
  private static final String[] NONE = {};

  private TargetLabels() {}

  static List<TargetPolicy> read(SettingMap labels, ScaleBounds bounds) {
    double proportion =
        labels
            .of(PROPORTION)
            .number(0.01, 1, "a share of the target, 0.01 to 1")
            .orElse(TargetPolicy.DEFAULT_PROPORTION);
    Duration downWindow =
        labels
            .of(DOWN_WINDOW)
            .duration(Duration.ZERO, TargetPolicy.LONGEST_DOWN_WINDOW)
            .orElse(Duration.ZERO);
    SettingMap.Setting type = labels.of(TYPE);
    SettingMap.Setting target = labels.of(TARGET);
    if (!type.given() && !target.given()) {
      return List.of();
    }
    String[] types = labels.text(TYPE).orElse(LoadMetric.RPS.label()).split(",", -1);
    String[] targets = labels.text(TARGET).map(text -> text.split(",", -1)).orElse(NONE);
    if (targets.length != 0 && targets.length != types.length) {
      throw target.bad("one number for each of " + TYPE + ", which names " + types.length);
    }
    List<TargetPolicy> policies = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      LoadMetric metric =
          LoadMetric.of(types[i]).orElseThrow(() -> type.bad("rps, capacity, cpu or queue"));
      double load =
          targets.length == 0
              ? TargetPolicy.DEFAULT_TARGET
              : target.number(targets[i], 0.01, MOST, "a load per replica, 0.01 or more");
      policies.add(
          new TargetPolicy(metric, load, proportion, bounds.min(), bounds.max(), downWindow));
    }
    return policies;
  }
}
