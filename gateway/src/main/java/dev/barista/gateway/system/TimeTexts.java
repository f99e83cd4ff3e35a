package dev.barista.gateway.system;

import java.time.Duration;

/** Lengths of time as Go and Prometheus write them, so that they can be copied into a label. */
final class TimeTexts {

  private TimeTexts() {}

  /** Such as {@code 1h30m}, {@code 10s}, {@code 250ms}; what is shorter than that is left out. */
  static String of(Duration length) {
    StringBuilder text = new StringBuilder();
    part(text, length.toHours(), "h");
    part(text, length.toMinutesPart(), "m");
    part(text, length.toSecondsPart(), "s");
    part(text, length.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }
}
