package dev.barista.autoscaler.alert;

/**
 * The rate of a counter over the last seconds, from one reading a second. Not thread-safe.
 *
 * <p>As long as fewer seconds were read than the window has, the increase counts over the whole
 * window: a burst of one second doesn't look like a lasting load.
 */
public final class CounterRate {

  private final int windowSeconds;
  private final long[] readings;

  // Mutable state
  private long firstSecond;
  private long lastSecond;
  private boolean read;

  /**
   * @param windowSeconds at least 1
   */
  public CounterRate(int windowSeconds) {
    if (windowSeconds < 1) {
      throw new IllegalArgumentException("windowSeconds: " + windowSeconds + " (expected: >= 1)");
    }
    this.windowSeconds = windowSeconds;
    this.readings = new long[windowSeconds + 1];
  }

  /**
   * Takes a reading.
   *
   * @param second since the epoch; one that was read already, or an earlier one, is passed over
   * @param count of the counter; a smaller one than before means that it started anew
   */
  public void read(long second, long count) {
    if (!read || second - lastSecond > windowSeconds || count < readings[slot(lastSecond)]) {
      firstSecond = second;
    } else if (second <= lastSecond) {
      return;
    } else {
      long before = readings[slot(lastSecond)];
      for (long missed = lastSecond + 1; missed < second; missed++) {
        readings[slot(missed)] = before;
      }
    }
    readings[slot(second)] = count;
    lastSecond = second;
    read = true;
  }

  /** Nothing was counted after the last reading, up to and with this second. */
  public void unchangedUntil(long second) {
    if (read && second > lastSecond) {
      read(second, readings[slot(lastSecond)]);
    }
  }

  /** Increase a second over the window that ends at the last reading. */
  public double perSecond() {
    if (!read) {
      return 0;
    }
    long start = Math.max(firstSecond, lastSecond - windowSeconds);
    return (readings[slot(lastSecond)] - readings[slot(start)]) / (double) windowSeconds;
  }

  private int slot(long second) {
    return Math.floorMod(second, readings.length);
  }
}
