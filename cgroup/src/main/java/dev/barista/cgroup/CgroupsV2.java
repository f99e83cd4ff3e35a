package dev.barista.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * cgroup v2: one tree. A group with controllers for its children has no processes of its own, so
 * only leaves hold processes.
 *
 * <pre>
 *   BASE/barista-ID/                    memory limit = what is allocatable
 *   BASE/barista-ID/REPLICA/            limits and processes of a replica without a watchdog
 *   BASE/barista-ID/REPLICA/watchdog/   the watchdog, without limits of its own
 *   BASE/barista-ID/REPLICA/calls/      limits of its calls
 * </pre>
 */
final class CgroupsV2 implements Cgroups {

  private final Path parent;
  private final Set<Bound> enforced;

  /**
   * @param parent made if missing; the group above has these controllers enabled for its children
   */
  CgroupsV2(Path parent, Set<Bound> enforced, GroupLimits parentLimits) {
    this.parent = parent;
    this.enforced = EnumSet.copyOf(enforced);
    ControlFiles.makeFolder(parent);
    bound(parent, parentLimits);
    enableChildren(parent);
  }

  @Override
  public Set<Bound> enforced() {
    return EnumSet.copyOf(enforced);
  }

  @Override
  public String description() {
    return "cgroup v2 groups under " + parent;
  }

  @Override
  public ProcessGroup create(String name, GroupLimits limits) {
    Path folder = parent.resolve(name);
    try {
      ControlFiles.makeFolder(folder);
      bound(folder, limits);
      ControlFiles.writeIfThere(folder.resolve("memory.oom.group"), "1");
    } catch (CgroupException e) {
      Killer.removeAll(List.of(folder));
      throw e;
    }
    return new GroupV2(folder, folder, folder, Optional.empty());
  }

  @Override
  public ProcessGroup createWithCalls(String name, GroupLimits limits, OptionalInt user) {
    Path folder = parent.resolve(name);
    Path watchdog = folder.resolve("watchdog");
    Path calls = folder.resolve("calls");
    try {
      ControlFiles.makeFolder(folder);
      enableChildren(folder);
      ControlFiles.makeFolder(watchdog);
      ControlFiles.makeFolder(calls);
      bound(calls, limits);
      user.ifPresent(id -> letMove(folder, calls, id));
    } catch (CgroupException e) {
      Killer.removeAll(List.of(folder));
      throw e;
    }
    return new GroupV2(
        folder, watchdog, calls, Optional.of(new ProcessGroup.CallsGroup.Folder(calls)));
  }

  /**
   * Who moves a process must be allowed to write to the list of the group and to that of the group
   * above both. The latter takes no process itself, since it bounds its children, and the
   * watchdog's own group stays closed: so a call can't leave its limits by this.
   */
  private static void letMove(Path replica, Path calls, int user) {
    for (Path group : List.of(replica, calls)) {
      ControlFiles.giveTo(group.resolve("cgroup.procs"), user);
    }
  }

  /** Lets the children of {@code group} be bounded. */
  private void enableChildren(Path group) {
    Hierarchy.enable(group, enforced);
  }

  private void bound(Path folder, GroupLimits limits) {
    if (enforced.contains(Bound.MEMORY)) {
      limits
          .memoryBytes()
          .ifPresent(
              bytes -> {
                ControlFiles.write(folder.resolve("memory.max"), "" + bytes);
                ControlFiles.writeIfThere(folder.resolve("memory.swap.max"), "0");
              });
    }
    if (enforced.contains(Bound.CPU)) {
      limits
          .cpuMillis()
          .ifPresent(
              millis -> {
                CpuQuota quota = CpuQuota.ofMillis(millis);
                ControlFiles.write(
                    folder.resolve("cpu.max"), quota.quotaMicros() + " " + quota.periodMicros());
              });
    }
    if (enforced.contains(Bound.PROCESSES)) {
      ControlFiles.write(folder.resolve("pids.max"), "" + limits.processes());
    }
  }

  @Override
  public void close() {
    kill(parent);
    Killer.removeAll(List.of(parent));
  }

  private static void kill(Path group) {
    try {
      ControlFiles.writeIfThere(group.resolve("cgroup.kill"), "1"); // Linux 5.14
    } catch (CgroupException e) {
      // The group is gone, or the kernel wants it process by process.
    }
    Killer.killAll(List.of(group));
  }

  private record GroupV2(Path root, Path home, Path bounded, Optional<CallsGroup> calls)
      implements ProcessGroup {

    @Override
    public List<Path> joinFiles() {
      return List.of(home.resolve("cgroup.procs"));
    }

    @Override
    public long oomKills() {
      return ControlFiles.number(bounded.resolve("memory.events"), "oom_kill");
    }

    /** Counted in every group, whether or not processor time is bounded. */
    @Override
    public OptionalLong cpuNanos() {
      OptionalLong micros = ControlFiles.find(root.resolve("cpu.stat"), "usage_usec");
      return micros.isPresent()
          ? OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(micros.getAsLong()))
          : micros;
    }

    @Override
    public OptionalLong memoryBytes() {
      return ControlFiles.workingSet(
          root.resolve("memory.current"), root.resolve("memory.stat"), "inactive_file");
    }

    @Override
    public boolean populated() {
      return Files.isDirectory(root)
          && ControlFiles.number(root.resolve("cgroup.events"), "populated") == 1;
    }

    @Override
    public void kill() {
      CgroupsV2.kill(root);
    }

    @Override
    public void close() {
      kill();
      Killer.removeAll(List.of(root));
    }
  }
}
