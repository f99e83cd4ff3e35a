package dev.barista.concurrency;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The one point in time by which a call must have ended. Immutable. */
public final class Deadline {

  private final NanoClock clock;
  private final long endNanos;

  private Deadline(NanoClock clock, long endNanos) {
    this.clock = clock;
    this.endNanos = endNanos;
  }

  /**
   * @throws IllegalArgumentException if {@code timeout} is not above zero
   */
  public static Deadline after(Duration timeout, NanoClock clock) {
    requireNonNull(clock, "clock");
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
    }
    return new Deadline(clock, clock.nanoTime() + saturatedNanos(timeout));
  }

  /** The one that ends first. Both must be of the same clock. */
  public Deadline earlier(Deadline other) {
    return endNanos - other.endNanos <= 0 ? this : other;
  }

  /** Never negative. */
  public long remainingNanos() {
    return Math.max(0, endNanos - clock.nanoTime());
  }

  public boolean expired() {
    return endNanos - clock.nanoTime() <= 0;
  }

  private static long saturatedNanos(Duration timeout) {
    return timeout.toSeconds() >= Long.MAX_VALUE / 4_000_000_000L
        ? Long.MAX_VALUE / 4
        : timeout.toNanos();
  }
}
