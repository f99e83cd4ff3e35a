package dev.barista.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * cgroup v1: one tree per controller, a folder of the same name in each.
 *
 * <pre>
 *   CONTROLLER/…own group…/barista-ID/            memory limit = what is allocatable
 *   CONTROLLER/…own group…/barista-ID/REPLICA/         limits, or the watchdog without any
 *   CONTROLLER/…own group…/barista-ID/REPLICA/calls/   limits of a watchdog's calls
 *   cpuacct/…own group…/barista-ID/REPLICA/            counts processor time; no limits
 * </pre>
 */
final class CgroupsV1 implements Cgroups {

  /** Parent group by what its controller bounds. */
  private final Map<Bound, Path> parents;

  private final Optional<Path> accounting;

  /**
   * @param accounting parent group where processor time is counted, if it is; may be one of {@code
   *     parents}
   */
  CgroupsV1(Map<Bound, Path> parents, Optional<Path> accounting, GroupLimits parentLimits) {
    this.parents = Map.copyOf(parents);
    this.accounting = accounting;
    roots().forEach(ControlFiles::makeFolder);
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
  public ProcessGroup create(String name, GroupLimits limits) {
    Map<Bound, Path> folders = below(parents, name);
    return make(name, folders, folders, limits, Optional.empty());
  }

  @Override
  public ProcessGroup createWithCalls(String name, GroupLimits limits, OptionalInt user) {
    Map<Bound, Path> folders = below(parents, name);
    Map<Bound, Path> calls = below(folders, "calls");
    List<Path> tasks = calls.values().stream().map(folder -> folder.resolve("tasks")).toList();
    Optional<Path> memoryEvents =
        Optional.ofNullable(calls.get(Bound.MEMORY))
            .map(folder -> folder.resolve("memory.oom_control"));
    return make(
        name,
        folders,
        calls,
        limits,
        Optional.of(new ProcessGroup.CallsGroup.TasksFiles(tasks, memoryEvents)));
  }

  private ProcessGroup make(
      String name,
      Map<Bound, Path> folders,
      Map<Bound, Path> bounded,
      GroupLimits limits,
      Optional<ProcessGroup.CallsGroup> calls) {
    List<Path> roots = roots().map(root -> root.resolve(name)).toList();
    try {
      roots.forEach(ControlFiles::makeFolder);
      bounded.values().stream()
          .filter(folder -> !roots.contains(folder))
          .forEach(ControlFiles::makeFolder);
      bound(bounded, limits);
    } catch (CgroupException e) {
      Killer.removeAll(roots);
      throw e;
    }
    return new GroupV1(
        roots,
        bounded,
        accounting.map(root -> root.resolve(name)),
        Optional.ofNullable(folders.get(Bound.MEMORY)),
        calls);
  }

  /** Each parent group once. */
  private Stream<Path> roots() {
    return Stream.concat(parents.values().stream(), accounting.stream()).distinct();
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
    List<Path> roots = roots().toList();
    Killer.killAll(roots);
    Killer.removeAll(roots);
  }

  private record GroupV1(
      List<Path> roots,
      Map<Bound, Path> bounded,
      Optional<Path> accounting,
      Optional<Path> memory,
      Optional<CallsGroup> calls)
      implements ProcessGroup {

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
    public OptionalLong cpuNanos() {
      return accounting
          .map(folder -> ControlFiles.number(folder.resolve("cpuacct.usage")))
          .orElse(OptionalLong.empty());
    }

    @Override
    public OptionalLong memoryBytes() {
      return memory
          .map(
              folder ->
                  ControlFiles.workingSet(
                      folder.resolve("memory.usage_in_bytes"),
                      folder.resolve("memory.stat"),
                      "total_inactive_file"))
          .orElse(OptionalLong.empty());
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
