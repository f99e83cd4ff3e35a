package dev.barista.gateway.invoke;

import dev.barista.gateway.metrics.ColdStarts;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One function's way from zero to its first answer, and how long each part of it took. {@link
 * #firstByte} is thread-safe; the rest is guarded by the pool's lock.
 */
final class WakeUp {

  private final ColdStarts coldStarts;

  /** When the scale-up began whose first answer is still to come; 0 = none is. */
  private final AtomicLong servingSince = new AtomicLong();

  // Mutable state
  private boolean asked;
  private boolean zeroTold;
  private long since;

  WakeUp(ColdStarts coldStarts) {
    this.coldStarts = coldStarts;
  }

  /** Whether the provider was asked and hasn't answered yet: it is asked once. */
  boolean asked() {
    return asked;
  }

  void ask(long now) {
    asked = true;
    zeroTold = false;
    since = now;
  }

  /**
   * @param askedAt when the question was asked
   * @return whether the function was told to be at zero since: what was taken may be undone already
   */
  boolean taken(long askedAt, long now) {
    asked = false;
    coldStarts.spawned(now - askedAt);
    return zeroTold;
  }

  void refused() {
    asked = false;
    since = 0;
  }

  /** It could not be started; when it can later, that is no measure of anything. */
  void failed() {
    since = 0;
  }

  void atZero() {
    zeroTold = true;
    servingSince.set(0);
  }

  void ready(long now) {
    if (since != 0) {
      coldStarts.ready(now - since);
      servingSince.set(since);
      since = 0;
    }
  }

  /** A call that was held for a start is being answered. */
  void firstByte() {
    long began = servingSince.get() == 0 ? 0 : servingSince.getAndSet(0);
    if (began != 0) {
      coldStarts.firstByte(System.nanoTime() - began);
    }
  }
}
