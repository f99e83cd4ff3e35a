package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.ProcessLimits;

/**
 * How replicas are kept within bounds.
 *
 * @param cgroups whether groups are made where that is possible; without them limits of memory and
 *     CPU are not kept
 * @param limits of each process
 * @param processesPerReplica processes and threads at a time
 * @param processesTogether of all replicas
 */
public record Confinement(
    IsolationRequest isolation,
    boolean cgroups,
    ProcessLimits limits,
    int processesPerReplica,
    int processesTogether) {

  public static final int DEFAULT_PROCESSES_PER_REPLICA = 512;
  public static final int DEFAULT_PROCESSES_TOGETHER = 16_384;

  /** The strongest isolation, and all the bounds that the host can keep. */
  public static final Confinement DEFAULT =
      new Confinement(
          IsolationRequest.AUTO,
          /* cgroups= */ true,
          ProcessLimits.DEFAULT,
          DEFAULT_PROCESSES_PER_REPLICA,
          DEFAULT_PROCESSES_TOGETHER);

  public Confinement {
    requireNonNull(isolation, "isolation");
    requireNonNull(limits, "limits");
    if (processesPerReplica < 1 || processesTogether < processesPerReplica) {
      throw new IllegalArgumentException(
          "processesPerReplica: %d, processesTogether: %d (expected: 1 <= per replica <= together)"
              .formatted(processesPerReplica, processesTogether));
    }
  }

  public Confinement withIsolation(IsolationRequest replaced) {
    return new Confinement(replaced, cgroups, limits, processesPerReplica, processesTogether);
  }

  public Confinement withoutCgroups() {
    return new Confinement(
        isolation, /* cgroups= */ false, limits, processesPerReplica, processesTogether);
  }

  public Confinement withLimits(ProcessLimits replaced, int processes) {
    return new Confinement(isolation, cgroups, replaced, processes, processesTogether);
  }
}
