package dev.barista.api;

/**
 * How many replicas a function may have, from its labels.
 *
 * @param min replicas a new function starts with, and the least that scaling on load leaves; at
 *     least 1. Independent of scaling to zero
 * @param max the most that scaling on load reaches; at least {@code min}
 */
public record ScaleBounds(int min, int max) {

  public static final String MIN_LABEL = "com.openfaas.scale.min";
  public static final String MAX_LABEL = "com.openfaas.scale.max";

  private static final int DEFAULT_MIN = 1;
  private static final int DEFAULT_MAX = 20;

  public ScaleBounds {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException(
          "min: " + min + ", max: " + max + " (expected: 1 <= min <= max)");
    }
  }

  /**
   * Reads the labels of {@code spec}. As with OpenFaaS 0 counts as not given, and a minimum above
   * the default maximum raises that one.
   *
   * @throws FaasException {@code BAD_REQUEST} for a text that is no number, and for a maximum below
   *     the minimum
   */
  public static ScaleBounds of(FunctionSpec spec) {
    int min = count(spec, MIN_LABEL);
    int max = count(spec, MAX_LABEL);
    int effectiveMin = min == 0 ? DEFAULT_MIN : min;
    if (max != 0 && max < effectiveMin) {
      throw FaasException.badField(
          "labels." + MAX_LABEL, max, "at least " + MIN_LABEL + ", which is " + effectiveMin);
    }
    return new ScaleBounds(effectiveMin, max == 0 ? Math.max(DEFAULT_MAX, effectiveMin) : max);
  }

  /** Whether the minimum stands in the labels, so that an update sets the count to it. */
  public static boolean givesMin(FunctionSpec spec) {
    return count(spec, MIN_LABEL) > 0;
  }

  private static int count(FunctionSpec spec, String label) {
    String text = spec.labels().getOrDefault(label, "0");
    try {
      int value = Integer.parseInt(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, as a negative number is
    }
    throw FaasException.badField("labels." + label, text, "a whole number, 0 or more");
  }
}
