package dev.barista.cgroup;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * Bounds of one group of processes.
 *
 * @param memoryBytes including swap; empty = none of its own
 * @param cpuMillis thousandths of a core; empty = none
 * @param processes most processes and threads at a time
 */
public record GroupLimits(OptionalLong memoryBytes, OptionalLong cpuMillis, int processes) {
  public GroupLimits {
    requireNonNull(memoryBytes, "memoryBytes");
    requireNonNull(cpuMillis, "cpuMillis");
    if (processes < 1) {
      throw new IllegalArgumentException("processes: " + processes + " (expected: >= 1)");
    }
  }
}
