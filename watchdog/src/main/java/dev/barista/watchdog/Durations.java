package dev.barista.watchdog;

/** Lengths of time as the watchdogs print them. */
final class Durations {

  private Durations() {}

  /** {@code 0.001234}: always six decimals. By hand, since a Formatter costs 20 times as much. */
  static String seconds(long nanos) {
    return seconds(nanos, 6);
  }

  /** {@code 0.0012} for four decimals. */
  static String seconds(long nanos, int decimals) {
    long unit = 1;
    for (int i = 0; i < decimals; i++) {
      unit *= 10;
    }
    long nanosPerUnit = 1_000_000_000L / unit;
    long units = (nanos + nanosPerUnit / 2) / nanosPerUnit;
    return units / unit + "." + String.valueOf(unit + units % unit).substring(1);
  }
}
