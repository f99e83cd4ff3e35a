package dev.barista.provider.process.log;

import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.LogLine;
import dev.barista.provider.spi.LogQuery;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/** Lines of several replicas' logs, by time, round by round. For one thread. */
final class LogMerge {

  /**
   * What may be told in one round.
   *
   * @param growing replicas that write, and how far they have come
   * @param written of those, lines that are not later may be told; of others all
   */
  record Bounds(Map<String, Long> growing, long written) {
    private boolean allow(LogCursor cursor) {
      return !growing.containsKey(cursor.replica()) || cursor.time() <= written;
    }

    /** Changes when there may be more of a replica. */
    private long progress(String replica) {
      return growing.getOrDefault(replica, -1L);
    }
  }

  private static final long NEVER = -2;

  private final FunctionLogs function;
  private final LogQuery query;
  private final long since;
  private final Map<String, LogCursor> cursors = new HashMap<>();

  /** How far a replica was when its cursor found nothing more. */
  private final Map<String, Long> exhausted = new HashMap<>();

  // Mutable state
  private boolean listed;
  private PriorityQueue<LogCursor> heads = newHeads();

  LogMerge(FunctionLogs function, LogQuery query) {
    this.function = function;
    this.query = query;
    this.since = query.since().map(LineFormat::micros).orElse(Long.MIN_VALUE);
  }

  private static PriorityQueue<LogCursor> newHeads() {
    return new PriorityQueue<>(
        Comparator.comparingLong(LogCursor::time).thenComparing(LogCursor::replica));
  }

  void begin(Bounds bounds) {
    if (!listed || bounds.growing().keySet().stream().anyMatch(r -> !cursors.containsKey(r))) {
      listed = true;
      list();
    }
    heads = newHeads();
    cursors.values().forEach(cursor -> offer(cursor, bounds));
  }

  private void list() {
    for (LogFile file : LogFile.list(function.folder())) {
      if (query.replica().isEmpty() || query.replica().get().value().equals(file.replica())) {
        cursors.computeIfAbsent(file.replica(), _ -> new LogCursor(file)); // the oldest comes first
      }
    }
  }

  private void offer(LogCursor cursor, Bounds bounds) {
    long progress = bounds.progress(cursor.replica());
    if (exhausted.getOrDefault(cursor.replica(), NEVER) == progress) {
      return;
    }
    if (!cursor.advance()) {
      exhausted.put(cursor.replica(), progress);
    } else if (bounds.allow(cursor)) {
      heads.add(cursor);
    }
  }

  /** The next line of this round. */
  Optional<LogLine> next(Bounds bounds) {
    while (!heads.isEmpty()) {
      LogCursor cursor = heads.remove();
      long time = cursor.time();
      String text = cursor.text();
      cursor.take();
      offer(cursor, bounds);
      if (time >= since) {
        return Optional.of(
            new LogLine(new ReplicaId(cursor.replica()), LineFormat.instant(time), text));
      }
    }
    return Optional.empty();
  }
}
