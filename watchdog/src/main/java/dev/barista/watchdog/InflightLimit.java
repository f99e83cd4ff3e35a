package dev.barista.watchdog;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls run at one time. Thread-safe, never blocks. */
final class InflightLimit {

  private final int most;
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param most 0: no limit
   */
  InflightLimit(int most) {
    this.most = most;
  }

  /** False if the limit is reached; else {@link #leave} must follow. */
  boolean enter() {
    if (running.incrementAndGet() > most && most > 0) {
      running.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    running.decrementAndGet();
  }

  boolean isReached() {
    return most > 0 && running.get() >= most;
  }

  int running() {
    return running.get();
  }

  int most() {
    return most;
  }
}
