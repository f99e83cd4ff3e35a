package dev.barista.server.serve;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Time since the JVM was started. On Linux it is read from the kernel, to 10 ms: asking the JVM
 * loads its management classes, which takes longer than many a part of the start that is measured.
 */
final class JvmUptime {

  /** Kernel ticks as programs see them: 100 a second on every architecture we run on. */
  private static final long MILLIS_PER_TICK = 10;

  /** Place of a thread's start time among the fields after the command in {@code stat}. */
  private static final int START_TIME_FIELD = 19;

  private JvmUptime() {}

  /** To be called on the main thread, which the launcher makes first of all. */
  static long millis() {
    try {
      String uptime = Files.readString(Path.of("/proc/uptime"));
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long startMillis = Long.parseLong(fields[START_TIME_FIELD]) * MILLIS_PER_TICK;
      double upSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      return Math.max(0, Math.round(upSeconds * 1_000) - startMillis);
    } catch (IOException | RuntimeException e) { // no /proc, or one of another kind
      return ManagementFactory.getRuntimeMXBean().getUptime();
    }
  }
}
