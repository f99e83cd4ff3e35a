package dev.barista.provider.process.log;

import dev.barista.provider.process.log.LogMerge.Bounds;
import dev.barista.provider.spi.LogLine;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads a function's log.
 *
 * <p>The order holds while it is written. In each round the reader first notes whose logs grow,
 * then up to which time everything is written ({@link LogClock#written}), and only then reads:
 * lines of growing logs that are later than that wait for the next round, since an earlier one of
 * another replica could still come.
 *
 * <p>The last N lines are found in two passes: one counts, the other leaves out what is too much.
 * So N may be anything, and costs no memory.
 */
final class LogReader implements LogStream {

  /** Of one answer. */
  private static final int MOST_LINES = 256;

  private static final int MOST_CHARACTERS = 64 << 10;

  private final FunctionLogs function;
  private final LogClock clock;
  private final LogQuery query;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Bounds atFirst;

  // Mutable state
  private LogMerge merge;
  private boolean began;
  private long toSkip;

  /**
   * @param onClose runs once
   */
  LogReader(FunctionLogs function, LogClock clock, LogQuery query, Runnable onClose) {
    this.function = function;
    this.clock = clock;
    this.query = query;
    this.onClose = onClose;
    this.atFirst = bounds();
    this.merge = new LogMerge(function, query);
  }

  private Bounds bounds() {
    var growing = function.growing(); // comes before the time
    return new Bounds(growing, clock.written());
  }

  @Override
  public List<LogLine> next() throws InterruptedException {
    if (!began) {
      began = true;
      countForTail();
    }
    while (!closed.get()) {
      long version = function.version(); // first: what changes from here on ends the wait
      boolean last = !query.follow() || function.hasEnded();
      List<LogLine> lines = round();
      if (!lines.isEmpty()) {
        return lines;
      }
      if (last) {
        break;
      }
      function.awaitChange(version, closed::get);
    }
    return List.of();
  }

  private void countForTail() {
    if (query.tail().isEmpty()) {
      return;
    }
    long count = 0;
    merge.begin(atFirst);
    while (!closed.get() && merge.next(atFirst).isPresent()) {
      count++;
    }
    toSkip = Math.max(0, count - query.tail().getAsInt());
    merge = new LogMerge(function, query);
  }

  private List<LogLine> round() {
    Bounds bounds = query.follow() ? bounds() : atFirst;
    List<LogLine> lines = new ArrayList<>();
    int characters = 0;
    merge.begin(bounds);
    while (!closed.get() && lines.size() < MOST_LINES && characters < MOST_CHARACTERS) {
      Optional<LogLine> line = merge.next(bounds);
      if (line.isEmpty()) {
        break;
      }
      if (toSkip > 0) {
        toSkip--;
      } else {
        lines.add(line.get());
        characters += line.get().text().length();
      }
    }
    return lines;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      function.wake();
      onClose.run();
    }
  }
}
