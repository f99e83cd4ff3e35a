package dev.barista.watchdog;

import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.Signals;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells a process that the kernel killed for lack of memory from one that got its signal from
 * elsewhere, by the group's count of such kills. The count is of the group, not of the process:
 * when several calls end at one time, a kill may be told of the wrong one of them. Thread-safe.
 */
final class MemoryKills {

  /** How a shell reports that its child got SIGKILL. */
  private static final int SHELL_KILLED = 128 + Signals.SIGKILL;

  private final CallsCgroup calls;
  private final AtomicLong seen;

  MemoryKills(CallsCgroup calls) {
    this.calls = calls;
    this.seen = new AtomicLong(count());
  }

  /** A remark in brackets behind the status, or nothing. */
  String explain(ExitStatus status) {
    boolean killed =
        switch (status) {
          case ExitStatus.Signaled(int signal) -> signal == Signals.SIGKILL;
          case ExitStatus.Exited(int code) -> code == SHELL_KILLED;
        };
    if (!killed) {
      return "";
    }
    long now = count();
    return now > seen.getAndSet(now) ? " (out of memory: limits.memory)" : "";
  }

  private long count() {
    return calls.readEvents().map(MemoryKills::parse).orElse(0L);
  }

  /** The line {@code oom_kill N}, which both versions of cgroups have. */
  static long parse(String events) {
    for (String line : events.split("\n")) {
      if (line.startsWith("oom_kill ")) {
        return Long.parseLong(line.substring("oom_kill ".length()).strip());
      }
    }
    return 0;
  }
}
