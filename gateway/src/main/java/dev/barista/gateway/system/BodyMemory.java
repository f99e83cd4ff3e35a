package dev.barista.gateway.system;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What bodies that are read whole may hold together. One that doesn't fit waits, and its client
 * with it, since nothing of it is read meanwhile: hundreds of large deployments at the same time
 * take a while instead of the memory of the calls. Thread-safe.
 */
final class BodyMemory {

  private static final int UNIT = 1 << 10;

  private final int units;
  private final Duration patience;
  private final Semaphore free;

  /**
   * @param patience how long a body waits for its place
   */
  BodyMemory(int bytes, Duration patience) {
    this.units = units(bytes);
    this.patience = patience;
    this.free = new Semaphore(units);
  }

  /** A body's place, until it is closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param bytes the longest that the body may turn out to be; more than there is means all
   * @throws FaasException {@code OVERLOADED} if no place comes free in time
   */
  Place take(int bytes) throws IOException {
    int wanted = Math.min(units, units(bytes));
    try {
      if (!free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new FaasException(
            ErrorCode.OVERLOADED,
            "gateway",
            "too many requests with long bodies are being read: try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the body waited for its place", e);
    }
    return () -> free.release(wanted);
  }

  private static int units(int bytes) {
    return bytes / UNIT + 1;
  }
}
