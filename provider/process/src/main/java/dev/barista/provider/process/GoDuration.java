package dev.barista.provider.process;

import dev.barista.api.FaasException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as OpenFaaS takes them: whole seconds, or Go's {@code 1m30s}, {@code 500ms}. */
final class GoDuration {

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "µs", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", BigDecimal.valueOf(1_000_000_000),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));

  private static final BigDecimal LONGEST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE / 2);

  private GoDuration() {}

  /**
   * @throws FaasException {@code BAD_REQUEST} naming {@code field}
   */
  static Duration parse(String field, String text) {
    if (SECONDS.matcher(text).matches()) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Matcher part = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < text.length() && part.find(end) && part.start() == end) {
      BigDecimal unit = NANOS.getOrDefault(part.group(2), BigDecimal.ONE);
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
      end = part.end();
    }
    if (text.isEmpty() || end != text.length()) {
      throw FaasException.badField(field, text, "seconds, or a duration such as 500ms or 1m30s");
    }
    return Duration.ofNanos(nanos.min(LONGEST_NANOS).longValue());
  }
}
