package dev.barista.autoscaler;

import static java.util.Objects.requireNonNull;

import dev.barista.autoscaler.policy.KnativeDefaults;

/**
 * What holds for all functions.
 *
 * @param alerts who evaluates the alert rule
 * @param maxReplicas most replicas that one function may have
 */
public record ScalingConfig(AlertMode alerts, KnativeDefaults knative, int maxReplicas) {

  public ScalingConfig {
    requireNonNull(alerts, "alerts");
    requireNonNull(knative, "knative");
    if (maxReplicas < 1) {
      throw new IllegalArgumentException("maxReplicas: " + maxReplicas + " (expected: >= 1)");
    }
  }
}
