package dev.barista.cli.command;

import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.concurrency.GoDuration;
import java.time.Duration;

/** Lengths of time on the command line, written as everywhere: {@code 30s}, {@code 1h30m}. */
final class Durations {

  private Durations() {}

  /**
   * @param option that it was given to, for the message
   */
  static Duration parse(String option, String text) {
    return GoDuration.parse(text)
        .orElseThrow(
            () ->
                CliException.usage(
                    option
                        + ": \""
                        + Printable.line(text)
                        + "\" (expected: such as 30s, 5m or 1h30m)"));
  }
}
