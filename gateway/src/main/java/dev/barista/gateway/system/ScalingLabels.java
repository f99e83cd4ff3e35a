package dev.barista.gateway.system;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.policy.KnativeDefaults;
import dev.barista.autoscaler.policy.ScalingPolicy;
import dev.barista.gateway.invoke.CallRules;

/**
 * The labels and annotations that govern scaling, checked at deploy: whoever reads them later can
 * trust them, and a typing error is told at once and not taken for the default.
 */
public final class ScalingLabels {

  private final int maxReplicas;

  /**
   * @param maxReplicas most replicas that one function may ask for
   */
  public ScalingLabels(int maxReplicas) {
    this.maxReplicas = maxReplicas;
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} naming the first label or annotation that is wrong
   */
  public void check(FunctionSpec spec) {
    CallRules.check(spec);
    // What holds for all functions makes no value of one right or wrong.
    var _ = ScalingPolicy.of(spec, KnativeDefaults.STANDARD, maxReplicas);
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} when it is not 0 to the most allowed
   */
  int replicas(int wanted) {
    if (wanted < 0 || wanted > maxReplicas) {
      throw FaasException.badField("replicas", wanted, "0 to " + maxReplicas + " [--max-replicas]");
    }
    return wanted;
  }
}
