package dev.barista.image;

import dev.barista.image.RegistryException.Code;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps all uploads together below the store's cap, whatever their number: each block that arrives
 * is counted before it is written. What has been freed, or written by another process, is seen when
 * the store is measured again. Thread-safe.
 */
final class StorageBudget {

  /** What is kept small. */
  interface Store {
    /** Bytes that it takes. */
    long measure() throws IOException;

    /** Frees what it can, to make room for so many bytes. */
    void clean(long expected) throws IOException;
  }

  private final long capBytes;
  private final Store store;
  private final AtomicLong used = new AtomicLong(-1);
  private final ReentrantLock measuring = new ReentrantLock();

  StorageBudget(long capBytes, Store store) {
    this.capBytes = capBytes;
    this.store = store;
  }

  /**
   * Asked before a request's first byte; cleans the store when that is needed.
   *
   * @param expected bytes announced, 0 when that isn't known
   * @throws RegistryException STORAGE_FULL
   */
  void requireRoom(long expected) throws IOException {
    measuring.lock();
    try {
      used.set(store.measure());
      if (used.get() + expected > capBytes) {
        store.clean(expected);
        used.set(store.measure());
      }
    } finally {
      measuring.unlock();
    }
    if (used.get() + expected > capBytes) {
      throw full();
    }
  }

  /**
   * Counts bytes about to be written.
   *
   * @throws RegistryException STORAGE_FULL
   */
  void take(int bytes) {
    if (used.addAndGet(bytes) > capBytes) {
      used.addAndGet(-bytes);
      throw full();
    }
  }

  private RegistryException full() {
    return new RegistryException(
        Code.STORAGE_FULL,
        "the image store is full: it may hold "
            + capBytes
            + " bytes [--max-images]; delete tags that nobody needs");
  }
}
