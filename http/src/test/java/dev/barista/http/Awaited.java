package dev.barista.http;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.BlockingQueue;

/** Waits for what another thread is about to tell. */
final class Awaited {

  private Awaited() {}

  /**
   * The next of a queue.
   *
   * @param missing what to say when there is none
   */
  static <T> T next(BlockingQueue<T> queue, String missing) throws InterruptedException {
    T next = queue.poll(20, SECONDS);
    if (next == null) {
      throw new AssertionError(missing);
    }
    return next;
  }
}
