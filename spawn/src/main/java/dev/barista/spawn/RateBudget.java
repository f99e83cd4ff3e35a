package dev.barista.spawn;

/**
 * A token bucket over bytes: holds at most one second's worth, and may be overdrawn by one chunk,
 * which later calls pay back. Times are nanoseconds of one monotonic clock. Not thread-safe.
 *
 * <p>Example: 1000 bytes a second, full at time 0. Taking 1500 at 0 leaves −500; there is something
 * again 500 ms later, when the balance passes zero.
 */
final class RateBudget {

  private static final double NANOS_PER_SECOND = 1e9;

  private final double bytesPerNano;
  private final double capacity;

  // Mutable state
  private double balance;
  private long updatedNanos;

  RateBudget(long bytesPerSecond, long nowNanos) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + " (expected: > 0)");
    }
    bytesPerNano = bytesPerSecond / NANOS_PER_SECOND;
    capacity = bytesPerSecond;
    balance = capacity;
    updatedNanos = nowNanos;
  }

  void take(long bytes, long nowNanos) {
    refill(nowNanos);
    balance -= bytes;
  }

  /** 0 when something may be taken now. */
  long nanosUntilPositive(long nowNanos) {
    refill(nowNanos);
    return balance > 0 ? 0 : (long) Math.ceil(-balance / bytesPerNano) + 1;
  }

  private void refill(long nowNanos) {
    balance = Math.min(capacity, balance + (nowNanos - updatedNanos) * bytesPerNano);
    updatedNanos = nowNanos;
  }
}
