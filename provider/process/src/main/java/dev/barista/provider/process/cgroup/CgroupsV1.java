package dev.barista.provider.process.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * cgroup v1: one tree per controller, a folder of the same name in each.
 *
 * <pre>
 *   CONTROLLER/…own group…/barista-ID/            memory limit = what is allocatable
 *   CONTROLLER/…own group…/barista-ID/REPLICA/         limits, or the watchdog without any
 *   CONTROLLER/…own group…/barista-ID/REPLICA/calls/   limits of a watchdog's calls
 * </pre>
 */
final class CgroupsV1 implements Cgroups {

  /** Parent group by what its controller bounds. */
  private final Map<Bound, Path> parents;

  CgroupsV1(Map<Bound, Path> parents, GroupLimits parentLimits) {
    this.parents = Map.copyOf(parents);
    this.parents.values().forEach(ControlFiles::makeFolder);
    bound(this.parents, parentLimits);
  }

  @Override
  public Set<Bound> enforced() {
    return EnumSet.copyOf(parents.keySet());
  }

  @Override
  public String description() {
    return "cgroup v1 groups under " + List.copyOf(parents.values());
  }

  @Override
  public ReplicaGroup create(String name, GroupLimits limits) {
    Map<Bound, Path> folders = below(parents, name);
    return make(folders, folders, limits, Optional.empty());
  }

  @Override
  public ReplicaGroup createWithCalls(String name, GroupLimits limits, OptionalInt user) {
    Map<Bound, Path> folders = below(parents, name);
    Map<Bound, Path> calls = below(folders, "calls");
    List<Path> tasks = calls.values().stream().map(folder -> folder.resolve("tasks")).toList();
    Optional<Path> memoryEvents =
        Optional.ofNullable(calls.get(Bound.MEMORY))
            .map(folder -> folder.resolve("memory.oom_control"));
    return make(
        folders,
        calls,
        limits,
        Optional.of(new ReplicaGroup.CallsGroup.TasksFiles(tasks, memoryEvents)));
  }

  private static ReplicaGroup make(
      Map<Bound, Path> folders,
      Map<Bound, Path> bounded,
      GroupLimits limits,
      Optional<ReplicaGroup.CallsGroup> calls) {
    List<Path> roots = List.copyOf(folders.values());
    try {
      folders.values().forEach(ControlFiles::makeFolder);
      bounded.values().forEach(ControlFiles::makeFolder);
      bound(bounded, limits);
    } catch (CgroupException e) {
      Killer.removeAll(roots);
      throw e;
    }
    return new GroupV1(roots, bounded, calls);
  }

  private static void bound(Map<Bound, Path> folders, GroupLimits limits) {
    folders.forEach(
        (bound, folder) -> {
          switch (bound) {
            case MEMORY -> limits.memoryBytes().ifPresent(bytes -> boundMemory(folder, bytes));
            case CPU -> limits.cpuMillis().ifPresent(millis -> boundCpu(folder, millis));
            case PROCESSES ->
                ControlFiles.write(folder.resolve("pids.max"), "" + limits.processes());
          }
        });
  }

  private static void boundMemory(Path folder, long bytes) {
    ControlFiles.write(folder.resolve("memory.limit_in_bytes"), "" + bytes);
    // Exists where swap is accounted; then memory and swap together are bounded, so none is used.
    ControlFiles.writeIfThere(folder.resolve("memory.memsw.limit_in_bytes"), "" + bytes);
  }

  private static void boundCpu(Path folder, long millis) {
    CpuQuota quota = CpuQuota.ofMillis(millis);
    ControlFiles.write(folder.resolve("cpu.cfs_period_us"), "" + quota.periodMicros());
    ControlFiles.write(folder.resolve("cpu.cfs_quota_us"), "" + quota.quotaMicros());
  }

  private static Map<Bound, Path> below(Map<Bound, Path> parents, String name) {
    Map<Bound, Path> folders = new EnumMap<>(Bound.class);
    parents.forEach((bound, parent) -> folders.put(bound, parent.resolve(name)));
    return folders;
  }

  @Override
  public void close() {
    List<Path> roots = List.copyOf(parents.values());
    Killer.killAll(roots);
    Killer.removeAll(roots);
  }

  private record GroupV1(List<Path> roots, Map<Bound, Path> bounded, Optional<CallsGroup> calls)
      implements ReplicaGroup {

    /**
     * The shell that joins has one thread, so {@code tasks} will do. A thread that moves itself is
     * spared the lock on all processes that {@code cgroup.procs} takes, and with it some 14 ms of a
     * cold start until every processor has passed a quiescent state.
     */
    @Override
    public List<Path> joinFiles() {
      return roots.stream().map(root -> root.resolve("tasks")).toList();
    }

    @Override
    public long oomKills() {
      Path memory = bounded.get(Bound.MEMORY);
      return memory == null
          ? 0
          : ControlFiles.number(memory.resolve("memory.oom_control"), "oom_kill");
    }

    @Override
    public boolean populated() {
      return roots.stream()
          .flatMap(root -> ControlFiles.deepestFirst(root).stream())
          .anyMatch(group -> !ControlFiles.processes(group).isEmpty());
    }

    @Override
    public void kill() {
      Path processes = bounded.get(Bound.PROCESSES);
      if (processes != null && !roots.isEmpty()) {
        forbidForks(processes);
      }
      Killer.killAll(new ArrayList<>(roots));
    }

    /** Else a fork bomb could be faster than the kills. */
    private static void forbidForks(Path folder) {
      try {
        ControlFiles.writeIfThere(folder.resolve("pids.max"), "0");
      } catch (CgroupException e) {
        // The group is gone with its last process: nothing forks.
      }
    }

    @Override
    public void close() {
      kill();
      Killer.removeAll(roots);
    }
  }
}
