package dev.barista.cgroup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Ends every process of a tree of groups and removes the tree. */
final class Killer {

  /** A killed process is gone in milliseconds; one in the kernel's hands (a dead disk) never is. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long PAUSE_NANOS = 1_000_000;

  private Killer() {}

  /** Kills until no process is left, or patience ends. */
  static void killAll(List<Path> roots) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (killOnce(roots) > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static int killOnce(List<Path> roots) {
    int seen = 0;
    for (Path root : roots) {
      for (Path group : ControlFiles.deepestFirst(root)) {
        for (int pid : ControlFiles.processes(group)) {
          seen++;
          ProcessHandle.of(pid).ifPresent(Killer::kill);
        }
      }
    }
    return seen;
  }

  private static void kill(ProcessHandle process) {
    if (process.pid() != ProcessHandle.current().pid()) {
      process.destroyForcibly();
    }
  }

  /** Removes trees whose processes were killed. What the kernel still holds is left to a sweep. */
  static void removeAll(List<Path> roots) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (Path root : roots) {
      for (Path group : ControlFiles.deepestFirst(root)) {
        while (!ControlFiles.remove(group) && System.nanoTime() - end < 0) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }
}
