package dev.barista.provider.process.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The logs of one function's replicas, while one of them runs or is read. Thread-safe. */
final class FunctionLogs {

  /** What a file takes on disk at least. */
  private static final long BLOCK = 4_096;

  private final Path folder;
  private final LogLimits limits;
  private final Map<String, ReplicaLog> open = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();

  private final AtomicInteger readers = new AtomicInteger();
  private final AtomicLong version = new AtomicLong();

  // Mutable state
  private volatile boolean ended;

  FunctionLogs(Path folder, LogLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  Path folder() {
    return folder;
  }

  ReplicaLog open(String replica, LogWriter writer) {
    List<LogFile> files = LogFile.list(folder, replica);
    LogFile newest = files.isEmpty() ? new LogFile(folder, replica, 1) : files.getLast();
    ReplicaLog log = new ReplicaLog(this, writer, newest);
    open.put(replica, log);
    return log;
  }

  /** It has no run any more: its log may go when there is too much. */
  void close(String replica) {
    open.remove(replica);
    changed();
  }

  boolean isUnused() {
    return open.isEmpty() && readers.get() == 0;
  }

  /** Replicas that have written, and how far they have come. */
  Map<String, Long> growing() {
    Map<String, Long> growing = new HashMap<>();
    open.forEach(
        (replica, log) -> {
          if (log.progress() > 0) {
            growing.put(replica, log.progress());
          }
        });
    return growing;
  }

  /** See {@link LogLimits#fileBytes}. */
  long fileBytes() {
    return limits.fileBytes(open.size());
  }

  // Readers

  void addReader() {
    readers.incrementAndGet();
  }

  void removeReader() {
    readers.decrementAndGet();
  }

  /** Something was written, or who may write has changed. Costs nearly nothing without a reader. */
  void changed() {
    if (readers.get() > 0) {
      wake();
    }
  }

  /** Makes every reader look again. */
  void wake() {
    lock.lock();
    try {
      version.incrementAndGet();
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long version() {
    return version.get();
  }

  /** Waits until there is another version than {@code seen}, or {@code given} holds. */
  void awaitChange(long seen, BooleanSupplier given) throws InterruptedException {
    lock.lock();
    try {
      while (version.get() == seen && !given.getAsBoolean()) {
        change.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The function is deleted, or the platform ends: readers come to their end. */
  void end() {
    ended = true;
    wake();
  }

  boolean hasEnded() {
    return ended;
  }

  // Retention

  /** Removes what is too old or too much of the logs of replicas that are gone. */
  void prune(Instant now) {
    Map<String, List<LogFile>> gone = new TreeMap<>();
    long left = limits.functionBytes();
    for (LogFile file : LogFile.list(folder)) {
      if (open.containsKey(file.replica())) {
        left -= size(file);
      } else {
        gone.computeIfAbsent(file.replica(), _ -> new ArrayList<>()).add(file);
      }
    }
    List<List<LogFile>> newestFirst = new ArrayList<>(gone.values());
    Set<LogFile> kept = new HashSet<>();
    newestFirst.sort(
        Comparator.comparing((List<LogFile> files) -> changedAt(files.getLast())).reversed());
    Instant oldest = now.minus(limits.age());
    for (List<LogFile> files : newestFirst.stream().limit(LogLimits.MOST_GONE_REPLICAS).toList()) {
      for (LogFile file : files.reversed()) {
        left -= size(file);
        if (left >= 0 && !changedAt(file).isBefore(oldest)) {
          kept.add(file);
        }
      }
    }
    newestFirst.stream()
        .flatMap(List::stream)
        .filter(file -> !kept.contains(file))
        .forEach(FunctionLogs::delete);
  }

  private static long size(LogFile file) {
    try {
      return Math.max(BLOCK, Files.size(file.path()));
    } catch (IOException e) {
      return 0; // gone meanwhile
    }
  }

  private static Instant changedAt(LogFile file) {
    try {
      return Files.getLastModifiedTime(file.path()).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH; // gone meanwhile
    }
  }

  private static void delete(LogFile file) {
    try {
      Files.deleteIfExists(file.path());
    } catch (IOException e) {
      System.getLogger(FunctionLogs.class.getName())
          .log(System.Logger.Level.DEBUG, () -> "can't remove " + file.path() + ": " + e);
    }
  }
}
