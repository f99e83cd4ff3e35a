package dev.barista.provider.process;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the runs of each user, to know when a user has none left. Thread-safe. */
final class UserCounts {

  /** Also held while the last run's remains are ended: a new run of that user waits for it. */
  private final ReentrantLock lock = new ReentrantLock();

  // Mutable state, guarded by lock
  private final Map<Integer, Integer> counts = new HashMap<>();

  void enter(int user) {
    lock.lock();
    try {
      counts.merge(user, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param whenLast runs before this returns if the user has no other run
   */
  void leave(int user, Runnable whenLast) {
    lock.lock();
    try {
      int left = counts.getOrDefault(user, 0) - 1;
      if (left > 0) {
        counts.put(user, left);
      } else {
        counts.remove(user);
        whenLast.run();
      }
    } finally {
      lock.unlock();
    }
  }
}
