package dev.barista.concurrency;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as OpenFaaS writes them: {@code 30} (seconds), {@code 500ms}, {@code 1m30s}. */
public final class GoDuration {

  private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");
  private static final Pattern PART =
      Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  private static final long MAX_SECONDS = Duration.ofNanos(Long.MAX_VALUE).toSeconds();

  private GoDuration() {}

  /** Empty if the text is neither, is negative, or is longer than 292 years. */
  public static Optional<Duration> parse(String text) {
    if (SECONDS.matcher(text).matches()) {
      long seconds = Long.parseLong(text);
      return seconds <= MAX_SECONDS ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    }
    Matcher part = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      nanos = nanos.add(new BigDecimal(padded(part.group(1))).multiply(unit(part.group(2))));
      end = part.end();
    }
    if (end == 0 || end != text.length() || text.length() > 64 || nanos.compareTo(MAX_NANOS) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  /** {@code 30s}, {@code 1m30s}, {@code 500ms}: for sentences. */
  public static String show(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String padded(String number) {
    return number.endsWith(".") ? number + "0" : number;
  }

  private static BigDecimal unit(String name) {
    return BigDecimal.valueOf(
        switch (name) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> throw new IllegalStateException(name);
        });
  }
}
