package dev.barista.cgroup;

import dev.barista.cgroup.Cgroups.Bound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds where this process may make groups, and makes the parent group there.
 *
 * <p>v1 controllers are used where they are mounted and writable, in this process's own group, so
 * that limits from outside go on holding. Else v2: in the own group if this process can be moved to
 * a leaf below it (a group with bounded children may hold no process itself), or, for root, at the
 * top of the tree. Where neither works the answer makes no groups and says why.
 */
public final class CgroupFinder {

  private static final String DELEGATE =
      "systemd-run --user --scope -p Delegate=yes ./barista serve";

  private final Path processFiles;
  private final long ownPid;
  private final Path memo;

  /**
   * @param memo file that remembers where groups were made: the next start may be in another group
   *     of its own, and must find what this one left
   */
  public CgroupFinder(Path memo) {
    this(Path.of("/proc/self"), ProcessHandle.current().pid(), memo);
  }

  /**
   * @param processFiles has {@code mountinfo} and {@code cgroup}
   */
  CgroupFinder(Path processFiles, long ownPid, Path memo) {
    this.processFiles = processFiles;
    this.ownPid = ownPid;
    this.memo = memo;
  }

  /**
   * What {@link #open} would find here.
   *
   * @param sentence for the user
   */
  public record Survey(Set<Bound> enforceable, String sentence) {}

  /** Looks where groups could be made, and makes none. */
  public static Survey survey() {
    return survey(Path.of("/proc/self"), ProcessHandle.current().pid());
  }

  static Survey survey(Path processFiles, long ownPid) {
    Hierarchy hierarchy;
    try {
      hierarchy =
          Hierarchy.read(
              Files.readAllLines(processFiles.resolve("mountinfo")),
              Files.readAllLines(processFiles.resolve("cgroup")));
    } catch (IOException e) {
      return new Survey(Set.of(), "this system has no cgroups");
    }
    Set<Bound> v1 =
        hierarchy.v1().entrySet().stream()
            .filter(entry -> Files.isWritable(entry.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    if (!v1.isEmpty()) {
      return new Survey(v1, "v1, groups can be made");
    }
    Set<Bound> v2 =
        hierarchy
            .v2()
            .filter(Files::isWritable)
            .filter(own -> onlyMember(own, ownPid))
            .map(Hierarchy::available)
            .filter(bounds -> !bounds.isEmpty())
            .or(() -> hierarchy.v2Root().filter(Files::isWritable).map(Hierarchy::available))
            .orElse(Set.of());
    return v2.isEmpty() ? new Survey(v2, why(hierarchy)) : new Survey(v2, "v2, groups can be made");
  }

  /** A verb stands in its shell's group; {@code serve} is started alone in one. */
  private static boolean onlyMember(Path group, long ownPid) {
    return ControlFiles.processes(group).stream().allMatch(pid -> pid == ownPid);
  }

  /**
   * @param name of the parent group, unique to a data folder; what is left in a group of this name
   *     is ended first
   * @param limits of the parent group
   */
  public Cgroups open(String name, GroupLimits limits) {
    sweep(remembered(name));
    Hierarchy hierarchy;
    try {
      hierarchy = hierarchy();
    } catch (IOException e) {
      return new NoCgroups("this system has no cgroups: limits can't be enforced");
    }
    return openV1(hierarchy, name, limits)
        .or(() -> openV2(hierarchy, name, limits))
        .orElseGet(() -> new NoCgroups(why(hierarchy)));
  }

  /**
   * Whether cgroup v2 is all there is, and this user may make no groups in it where this process
   * is: systemd can give a group in which that works.
   */
  public boolean needsDelegation() {
    try {
      Hierarchy hierarchy = hierarchy();
      return hierarchy.v1().isEmpty()
          && hierarchy.v2().filter(own -> !isOwn(own)).isPresent()
          && hierarchy.v2Root().filter(CgroupFinder::canHold).isEmpty();
    } catch (IOException e) {
      return false; // no cgroups at all
    }
  }

  private boolean isOwn(Path group) {
    return canHold(group)
        && ControlFiles.processes(group).stream().allMatch(process -> process == ownPid);
  }

  private static boolean canHold(Path group) {
    return Files.isWritable(group) && !Hierarchy.available(group).isEmpty();
  }

  private Hierarchy hierarchy() throws IOException {
    return Hierarchy.read(
        Files.readAllLines(processFiles.resolve("mountinfo")),
        Files.readAllLines(processFiles.resolve("cgroup")));
  }

  /** Makes no groups, but ends what an earlier start left in some. */
  public Cgroups none(String name, String why) {
    sweep(remembered(name));
    return new NoCgroups(why);
  }

  /** Ends and removes what a process that is gone noted in its {@code memo}. */
  public static void endNoted(Path memo) {
    try {
      sweep(Files.readAllLines(memo).stream().map(Path::of).toList());
    } catch (IOException e) {
      System.getLogger(CgroupFinder.class.getName())
          .log(System.Logger.Level.DEBUG, "no note in " + memo, e);
    }
  }

  private Optional<Cgroups> openV1(Hierarchy hierarchy, String name, GroupLimits limits) {
    Map<Bound, Path> parents = new EnumMap<>(Bound.class);
    hierarchy
        .v1()
        .forEach(
            (bound, own) -> {
              if (Files.isWritable(own)) {
                parents.put(bound, own.resolve(name));
              }
            });
    if (parents.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> accounting =
        hierarchy.v1Accounting().filter(Files::isWritable).map(own -> own.resolve(name));
    List<Path> all = Stream.concat(parents.values().stream(), accounting.stream()).toList();
    try {
      remember(all);
      sweep(all);
      return Optional.of(new CgroupsV1(parents, accounting, limits));
    } catch (CgroupException e) {
      return Optional.empty();
    }
  }

  private Optional<Cgroups> openV2(Hierarchy hierarchy, String name, GroupLimits limits) {
    return hierarchy
        .v2()
        .flatMap(own -> openV2In(own, name, limits, /* leaveOwn= */ true))
        .or(
            () ->
                hierarchy
                    .v2Root()
                    .flatMap(root -> openV2In(root, name, limits, /* leaveOwn= */ false)));
  }

  private Optional<Cgroups> openV2In(Path base, String name, GroupLimits limits, boolean leaveOwn) {
    if (!canHold(base)) {
      return Optional.empty();
    }
    Set<Bound> available = Hierarchy.available(base);
    try {
      remember(List.of(base.resolve(name)));
      sweep(List.of(base.resolve(name)));
      if (leaveOwn && !moveToLeaf(base, name)) {
        return Optional.empty();
      }
      Hierarchy.enable(base, available);
      return Optional.of(new CgroupsV2(base.resolve(name), available, limits));
    } catch (CgroupException e) {
      return Optional.empty();
    }
  }

  /**
   * Leaves {@code base} without a process of its own.
   *
   * @return false if other processes are in it: they are not ours to move
   */
  private boolean moveToLeaf(Path base, String name) {
    List<Integer> processes = ControlFiles.processes(base);
    if (processes.stream().anyMatch(pid -> pid != ownPid)) {
      return false;
    }
    Path leaf = base.resolve(name + "-gateway");
    ControlFiles.makeFolder(leaf);
    ControlFiles.write(leaf.resolve("cgroup.procs"), Long.toString(ownPid));
    return true;
  }

  private void remember(Collection<Path> parents) {
    try {
      Files.write(memo, parents.stream().map(Path::toString).toList());
    } catch (IOException e) {
      throw new CgroupException("can't note where groups are made", e);
    }
  }

  private List<Path> remembered(String name) {
    try {
      return Files.readAllLines(memo).stream()
          .map(Path::of)
          .filter(parent -> parent.endsWith(name))
          .toList();
    } catch (IOException e) {
      return List.of(); // the first start
    }
  }

  /** Ends and removes what an earlier run left. */
  private static void sweep(List<Path> parents) {
    Killer.killAll(parents);
    Killer.removeAll(parents);
  }

  private static String why(Hierarchy hierarchy) {
    if (!hierarchy.v1().isEmpty()) {
      return "cgroup v1 is mounted, but this user may not make groups in "
          + hierarchy.v1().values().stream().map(Path::toString).collect(Collectors.joining(", "))
          + ": limits can't be enforced; start as root";
    }
    return hierarchy
        .v2()
        .map(
            own ->
                "cgroup v2 is mounted, but the group "
                    + own
                    + " is not delegated to this user: limits can't be enforced; start as root or"
                    + " with '"
                    + DELEGATE
                    + "'")
        .orElse("this system has no cgroups: limits can't be enforced");
  }
}
