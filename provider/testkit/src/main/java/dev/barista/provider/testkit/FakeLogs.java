package dev.barista.provider.testkit;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.LogLine;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What replicas of {@link FakeProvider} are said to have written. Thread-safe. */
final class FakeLogs {

  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  // The lock of this object guards everything below.
  private final Map<FunctionName, Log> logs = new HashMap<>();

  // Mutable state
  private int lines;

  private static final class Log {
    final List<LogLine> lines = new ArrayList<>();
    boolean ended;
  }

  /** Each line is a second later than the one before. */
  synchronized void add(FunctionName function, ReplicaId replica, String text) {
    log(function).lines.add(new LogLine(replica, FIRST.plusSeconds(++lines), text));
    notifyAll();
  }

  private Log log(FunctionName function) {
    return logs.computeIfAbsent(function, _ -> new Log());
  }

  /** Forgets a function; its readers come to their end. */
  synchronized void end(FunctionName function) {
    Log log = logs.remove(function);
    if (log != null) {
      log.ended = true;
    }
    notifyAll();
  }

  synchronized void endAll() {
    List.copyOf(logs.keySet()).forEach(this::end);
  }

  synchronized LogStream read(LogQuery query) {
    return new Stream(log(query.function()), query);
  }

  private final class Stream implements LogStream {

    private final Log log;
    private final LogQuery query;
    private final long end;

    // Mutable state
    private int at;
    private boolean closed;

    Stream(Log log, LogQuery query) {
      this.log = log;
      this.query = query;
      this.end = query.follow() ? Long.MAX_VALUE : log.lines.size();
      query.tail().ifPresent(this::skipToLast);
    }

    private void skipToLast(int tail) {
      int left = (int) log.lines.stream().filter(this::wanted).count() - tail;
      while (left > 0) {
        if (wanted(log.lines.get(at++))) {
          left--;
        }
      }
    }

    private boolean wanted(LogLine line) {
      return query.replica().map(line.replica()::equals).orElse(true)
          && query.since().map(since -> !line.time().isBefore(since)).orElse(true);
    }

    @Override
    public List<LogLine> next() throws InterruptedException {
      synchronized (FakeLogs.this) {
        while (!closed) {
          while (at < Math.min(end, log.lines.size())) {
            LogLine line = log.lines.get(at++);
            if (wanted(line)) {
              return List.of(line);
            }
          }
          if (!query.follow() || log.ended) {
            break;
          }
          FakeLogs.this.wait();
        }
        return List.of();
      }
    }

    @Override
    public void close() {
      synchronized (FakeLogs.this) {
        closed = true;
        FakeLogs.this.notifyAll();
      }
    }
  }
}
