package dev.barista.gateway.invoke;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock, and what is to be told once it is released: whoever is told may come back, or take its
 * time. To be held in a {@code try}:
 *
 * <pre>
 *   try (var _ = lock.hold()) {
 *     …
 *     lock.tell(() -> …);
 *   } // told here
 * </pre>
 */
final class TellingLock implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock();

  // Mutable state, guarded by lock
  private List<Runnable> told = List.of();

  /** Waits for it. Not twice by one thread. */
  TellingLock hold() {
    lock.lock();
    return this;
  }

  /** To be run after the release, in this order; only while it is held. */
  void tell(Runnable news) {
    if (told.isEmpty()) {
      told = new ArrayList<>();
    }
    told.add(news);
  }

  /** Releases it and tells. */
  @Override
  public void close() {
    List<Runnable> news = told;
    told = List.of();
    lock.unlock();
    news.forEach(Runnable::run);
  }
}
