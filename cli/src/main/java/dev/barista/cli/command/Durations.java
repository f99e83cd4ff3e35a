package dev.barista.cli.command;

import dev.barista.cli.CliException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time on the command line, as Go writes them: {@code 5m}, {@code 1h30m}, {@code 500ms}.
 */
final class Durations {

  private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * @param option that it was given to, for the message
   */
  static Duration parse(String option, String text) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(length(Long.parseLong(part.group(1)), part.group(2)));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw CliException.usage(option + ": \"" + text + "\" (expected: such as 30s, 5m or 1h30m)");
    }
    return sum;
  }

  private static Duration length(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
