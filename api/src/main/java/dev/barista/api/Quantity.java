package dev.barista.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes quantities: a decimal number and a suffix, {@code 1536Mi}, {@code 0.5}, {@code 100m},
 * {@code 2e3}. Source of the format: Kubernetes API conventions, "Quantity". Rounded up to the next
 * whole unit, as Kubernetes does.
 */
public final class Quantity {

  private static final Pattern FORMAT =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2})|([a-zA-Z]*))");
  private static final Map<String, BigDecimal> FACTORS =
      Map.ofEntries(
          Map.entry("", BigDecimal.ONE),
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("k", BigDecimal.valueOf(1_000)),
          Map.entry("M", BigDecimal.valueOf(1_000_000)),
          Map.entry("G", BigDecimal.valueOf(1_000_000_000)),
          Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
          Map.entry("P", BigDecimal.valueOf(1_000_000_000_000_000L)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)));

  private Quantity() {}

  /**
   * @return bytes, at least 1
   * @throws FaasException {@link ErrorCode#BAD_REQUEST} naming {@code field}
   */
  public static long memoryBytes(String field, String text) {
    return parse(field, text, BigDecimal.ONE, "bytes such as 128Mi, 1G or 134217728, above 0");
  }

  /**
   * @return thousandths of a core, at least 1
   * @throws FaasException {@link ErrorCode#BAD_REQUEST} naming {@code field}
   */
  public static long cpuMillis(String field, String text) {
    return parse(field, text, BigDecimal.valueOf(1_000), "cores such as 100m, 0.5 or 2, above 0");
  }

  private static long parse(String field, String text, BigDecimal unit, String expected) {
    Matcher matcher = FORMAT.matcher(text);
    if (text.length() > 32 || !matcher.matches()) {
      throw FaasException.badField(field, text, expected);
    }
    String exponent = matcher.group(2);
    BigDecimal factor =
        exponent != null
            ? BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(exponent))
            : FACTORS.get(matcher.group(3));
    if (factor == null) {
      throw FaasException.badField(field, text, expected);
    }
    BigDecimal value = new BigDecimal(matcher.group(1)).multiply(factor).multiply(unit);
    if (value.signum() <= 0 || value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw FaasException.badField(field, text, expected);
    }
    return value.setScale(0, RoundingMode.CEILING).longValueExact();
  }
}
