package dev.barista.provider.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a process and all that it started use, where no group counts it, from {@code
 * /proc/PID/stat}. Processes that have ended are counted when whoever started them has waited for
 * them. Pages that several processes share are counted for each: the sum is never too small.
 */
final class ProcessTree {

  /**
   * @param cpuNanos empty when the process is gone, or this system has no {@code /proc}
   * @param memoryBytes likewise
   */
  record Usage(OptionalLong cpuNanos, OptionalLong memoryBytes) {}

  private static final Path PROC = Path.of("/proc");

  /** The kernel shows time in hundredths of a second, whatever its own clock is (USER_HZ). */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final long BYTES_PER_KILOBYTE = 1024;

  /** Of utime, stime, cutime and cstime, counted from the field after the program's name. */
  private static final int FIRST_TIME = 11;

  private static final int LAST_TIME = 14;

  private ProcessTree() {}

  static Usage usage(int root) {
    Set<Integer> seen = new HashSet<>();
    Deque<Integer> open = new ArrayDeque<>();
    open.push(root);
    long ticks = 0;
    long bytes = 0;
    boolean any = false;
    while (!open.isEmpty()) {
      int pid = open.pop();
      if (!seen.add(pid)) {
        continue;
      }
      try {
        ticks += ticks(Files.readString(PROC.resolve(pid + "/stat")));
        bytes += residentBytes(Files.readString(PROC.resolve(pid + "/status")));
        any = true;
        children(pid).forEach(open::push);
      } catch (IOException e) {
        // it ended meanwhile
      }
    }
    return any
        ? new Usage(OptionalLong.of(ticks * NANOS_PER_TICK), OptionalLong.of(bytes))
        : new Usage(OptionalLong.empty(), OptionalLong.empty());
  }

  /** A program's name may hold anything, also {@code ") "}: it ends at the last one. */
  private static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ");
    long sum = 0;
    for (int field = FIRST_TIME; field <= LAST_TIME; field++) {
      sum += Long.parseLong(fields[field]);
    }
    return sum;
  }

  private static long residentBytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KILOBYTE)
        .findFirst()
        .orElse(0); // a process that has ended and isn't waited for
  }

  /** A child is listed with the thread that started it. */
  private static Stream<Integer> children(int pid) throws IOException {
    try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
      return threads.flatMap(ProcessTree::childrenOf).toList().stream();
    }
  }

  private static Stream<Integer> childrenOf(Path thread) {
    try {
      return Stream.of(Files.readString(thread.resolve("children")).split(" "))
          .filter(word -> !word.isBlank())
          .map(Integer::valueOf);
    } catch (IOException e) {
      return Stream.of(); // it ended meanwhile
    }
  }
}
