package dev.barista.provider.process;

import java.time.Duration;

/**
 * How long the provider waits for replicas.
 *
 * @param start until a started replica accepts connections
 * @param drain until the last call on a draining replica has ended
 * @param stop between asking a process to end and killing it
 */
public record Patience(Duration start, Duration drain, Duration stop) {

  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(10));

  public Patience {
    if (!start.isPositive() || drain.isNegative() || stop.isNegative()) {
      throw new IllegalArgumentException(
          "start: " + start + ", drain: " + drain + ", stop: " + stop + " (expected: > 0, >= 0)");
    }
  }
}
