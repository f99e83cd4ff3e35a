package dev.barista.provider.spi;

import java.util.List;

/**
 * Lines of a function's log, pulled by the reader: one that is slow makes the provider wait or miss
 * lines, and costs a bounded amount of memory. For one reading thread; {@link #close} may come from
 * any thread.
 */
public interface LogStream extends AutoCloseable {

  /**
   * The next lines, a bounded number: those of each replica in the order in which it wrote them,
   * and what was there when the stream was opened by time over all replicas. What replicas write
   * while it is followed may come a little out of that order. Waits while there are none if the
   * query follows.
   *
   * @return empty at the end: everything is told, the function is deleted, the stream or the
   *     provider is closed
   */
  List<LogLine> next() throws InterruptedException;

  /** Ends a {@link #next} that waits. Never blocks for long; idempotent. */
  @Override
  void close();
}
