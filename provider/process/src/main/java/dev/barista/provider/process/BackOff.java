package dev.barista.provider.process;

import java.time.Duration;
import java.time.Instant;

/**
 * When a replica that ended by itself is started again: after 0.25 s, 0.5 s, 1 s … 30 s. A run that
 * lasted a minute makes the next failure count as the first.
 *
 * @param failures in a row
 */
record BackOff(int failures) {

  static final BackOff NONE = new BackOff(0);

  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration GOOD_RUN = Duration.ofMinutes(1);

  /** After a run that lasted from {@code start} to {@code end}. */
  BackOff after(Instant start, Instant end) {
    boolean ranWell = Duration.between(start, end).compareTo(GOOD_RUN) >= 0;
    return new BackOff(ranWell ? 1 : failures + 1);
  }

  /** From the last end to the next start. */
  Duration delay() {
    Duration delay = FIRST.multipliedBy(1L << Math.min(failures - 1, 20));
    return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
  }
}
