package dev.barista.provider.process.log;

import java.time.InstantSource;

/**
 * Times for lines, in microseconds since 1970, each later than the one before. Since one thread
 * writes all logs, every line that is not later than {@link #written} is in its file: readers of
 * several files use that to put lines in order. {@link #next} and {@link #published} belong to the
 * writing thread.
 */
final class LogClock {

  private final InstantSource source;

  // Mutable state
  private long last;
  private volatile long written;

  LogClock(InstantSource source) {
    this.source = source;
    this.last = micros();
    this.written = last;
  }

  private long micros() {
    var now = source.instant();
    return LineFormat.micros(now);
  }

  long next() {
    last = Math.max(last + 1, micros());
    return last;
  }

  /** What was written with this time is in its file. */
  void published(long micros) {
    written = micros;
  }

  long written() {
    return written;
  }
}
