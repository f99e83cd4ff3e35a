package dev.barista.http;

import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the unused connections that several owners keep. Thread-safe, without a lock. */
public final class IdleBudget {

  private final int most;
  private final AtomicInteger kept = new AtomicInteger();

  /**
   * @param most connections kept unused at the same time; 0 = none
   */
  public IdleBudget(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 0)");
    }
    this.most = most;
  }

  /** Unused connections at this instant. */
  public int kept() {
    return kept.get();
  }

  /** Takes a place for one more. */
  boolean tryKeep() {
    // Short-lived excess is given back: two that meet at the limit may both be refused.
    if (kept.incrementAndGet() <= most) {
      return true;
    }
    kept.decrementAndGet();
    return false;
  }

  void release() {
    kept.decrementAndGet();
  }
}
