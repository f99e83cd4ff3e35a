package dev.barista.gateway.system;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ScaleBounds;
import java.util.regex.Pattern;

/**
 * The labels that govern scaling, checked at deploy: whoever reads them later can trust them, and a
 * typing error is told at once and not taken for the default.
 */
public final class ScalingLabels {

  private static final String FACTOR = "com.openfaas.scale.factor";
  private static final String ZERO = "com.openfaas.scale.zero";
  private static final String ZERO_DURATION = "com.openfaas.scale.zero-duration";

  private static final Pattern PERCENT = Pattern.compile("[0-9]|[1-9][0-9]|100");
  private static final Pattern FLAG = Pattern.compile("true|false|1|0");
  private static final Pattern DURATION =
      Pattern.compile("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+|0");

  private final int maxReplicas;

  /**
   * @param maxReplicas most replicas that one function may ask for
   */
  public ScalingLabels(int maxReplicas) {
    this.maxReplicas = maxReplicas;
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} naming the first label that is wrong
   */
  public void check(FunctionSpec spec) {
    ScaleBounds bounds = ScaleBounds.of(spec);
    requireAllowed(ScaleBounds.MIN_LABEL, bounds.min());
    requireAllowed(ScaleBounds.MAX_LABEL, bounds.max());
    requireMatch(spec, FACTOR, PERCENT, "a whole number, 0 to 100");
    requireMatch(spec, ZERO, FLAG, "true or false");
    requireMatch(spec, ZERO_DURATION, DURATION, "a duration such as 15m");
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

  private void requireAllowed(String label, int value) {
    if (value > maxReplicas) {
      throw FaasException.badField(
          "labels." + label, value, "at most " + maxReplicas + " [--max-replicas]");
    }
  }

  private static void requireMatch(
      FunctionSpec spec, String label, Pattern pattern, String expected) {
    String text = spec.labels().get(label);
    if (text != null && !pattern.matcher(text).matches()) {
      throw FaasException.badField("labels." + label, text, expected);
    }
  }
}
