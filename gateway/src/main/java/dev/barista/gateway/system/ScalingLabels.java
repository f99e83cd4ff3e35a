package dev.barista.gateway.system;

import dev.barista.api.FaasException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The labels that govern scaling, checked at deploy: whoever reads them later can trust them, and a
 * typing error is told at once and not taken for the default.
 */
final class ScalingLabels {

  private static final String PREFIX = "com.openfaas.scale.";
  private static final Pattern DURATION =
      Pattern.compile("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+|0");
  private static final int MAX_DIGITS = 9;

  private final int maxReplicas;

  /**
   * @param maxReplicas most replicas that one function may ask for
   */
  ScalingLabels(int maxReplicas) {
    this.maxReplicas = maxReplicas;
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} naming the first label that is wrong
   */
  void check(Map<String, String> labels) {
    OptionalInt min = number(labels, "min", 0, maxReplicas);
    OptionalInt max = number(labels, "max", 1, maxReplicas);
    if (min.isPresent() && max.isPresent() && min.getAsInt() > max.getAsInt()) {
      throw FaasException.badField(
          PREFIX + "min", min.getAsInt(), "at most " + PREFIX + "max, " + max.getAsInt());
    }
    number(labels, "factor", 0, 100);
    String zero = labels.get(PREFIX + "zero");
    if (zero != null && !Pattern.matches("true|false|1|0", zero)) {
      throw FaasException.badField(PREFIX + "zero", zero, "true or false");
    }
    String duration = labels.get(PREFIX + "zero-duration");
    if (duration != null && !DURATION.matcher(duration).matches()) {
      throw FaasException.badField(PREFIX + "zero-duration", duration, "a duration such as 15m");
    }
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} when it is not 0 to the most allowed
   */
  int replicas(int wanted) {
    if (wanted < 0 || wanted > maxReplicas) {
      throw FaasException.badField("replicas", wanted, "0 to " + maxReplicas);
    }
    return wanted;
  }

  private static OptionalInt number(Map<String, String> labels, String name, int least, int most) {
    String text = labels.get(PREFIX + name);
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!text.matches("[0-9]{1," + MAX_DIGITS + "}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > most) {
      throw FaasException.badField(PREFIX + name, text, "a whole number, " + least + " to " + most);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }
}
