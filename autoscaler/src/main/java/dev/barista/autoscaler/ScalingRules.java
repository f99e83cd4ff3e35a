package dev.barista.autoscaler;

import static java.lang.System.Logger.Level.WARNING;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.policy.ScalingPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** By what functions scale under the platform's settings. */
record ScalingRules(ScalingConfig config) {

  /** What was accepted by an earlier version may be refused by this one: then nothing scales it. */
  ScalingPolicy policy(FunctionSpec spec) {
    try {
      return ScalingPolicy.of(spec, config.knative(), config.maxReplicas());
    } catch (FaasException e) {
      ScalingLoop.LOG.log(WARNING, "function {0} does not scale: {1}", spec.name(), e.getMessage());
      return ScalingPolicy.none();
    }
  }

  /**
   * Fresh ones, that have seen nothing.
   *
   * @param replicas that it has already
   */
  List<Signal> signals(FunctionName name, ScalingPolicy policy, int replicas, Instant now) {
    List<Signal> signals = new ArrayList<>();
    policy
        .kpa()
        .ifPresent(rules -> signals.add(new KpaSignal(rules, config.maxReplicas(), replicas, now)));
    policy.targets().forEach(target -> signals.add(new TargetSignal(target)));
    policy.alert().ifPresent(alert -> signals.add(new AlertSignal(name, alert, config.alerts())));
    return signals;
  }
}
