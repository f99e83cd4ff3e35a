package dev.barista.cgroup;

import dev.barista.cgroup.Cgroups.Bound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
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

  private static final Path SELF = Path.of("/proc/self");

  private final Path processFiles;
  private final long ownPid;
  private final Path memo;

  /**
   * @param memo file that remembers where groups were made: the next start may be in another group
   *     of its own, and must find what this one left
   */
  public CgroupFinder(Path memo) {
    this(SELF, ProcessHandle.current().pid(), memo);
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
    return Places.look(SELF, ProcessHandle.current().pid())
        .map(CgroupFinder::survey)
        .orElseGet(() -> new Survey(Set.of(), "this system has no cgroups"));
  }

  private static Survey survey(Places places) {
    Set<Bound> v1 = places.v1().keySet();
    if (!v1.isEmpty()) {
      return new Survey(v1, "v1, groups can be made");
    }
    return places
        .v2()
        .map(group -> new Survey(Hierarchy.available(group), "v2, groups can be made"))
        .orElseGet(() -> new Survey(Set.of(), places.whyNone()));
  }

  /**
   * @param name of the parent group, unique to a data folder; what is left in a group of this name
   *     is ended first
   * @param limits of the parent group
   */
  public Cgroups open(String name, GroupLimits limits) {
    sweep(remembered(name));
    return Places.look(processFiles, ownPid)
        .map(places -> open(places, name, limits))
        .orElseGet(() -> new NoCgroups("this system has no cgroups: limits can't be enforced"));
  }

  private Cgroups open(Places places, String name, GroupLimits limits) {
    return openV1(places, name, limits)
        .or(() -> openV2(places, name, limits))
        .orElseGet(() -> new NoCgroups(places.whyNone()));
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

  private Optional<Cgroups> openV1(Places places, String name, GroupLimits limits) {
    Map<Bound, Path> parents = places.v1();
    parents.replaceAll((_, own) -> own.resolve(name));
    if (parents.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> accounting =
        places.hierarchy().v1Accounting().filter(Files::isWritable).map(own -> own.resolve(name));
    List<Path> all = Stream.concat(parents.values().stream(), accounting.stream()).toList();
    try {
      remember(all);
      sweep(all);
      return Optional.of(new CgroupsV1(parents, accounting, limits));
    } catch (CgroupException e) {
      return Optional.empty();
    }
  }

  private Optional<Cgroups> openV2(Places places, String name, GroupLimits limits) {
    Hierarchy hierarchy = places.hierarchy();
    return hierarchy
        .v2()
        .flatMap(own -> openV2In(own, name, limits, () -> moveToLeaf(places, own, name)))
        .or(() -> hierarchy.v2Root().flatMap(root -> openV2In(root, name, limits, () -> true)));
  }

  /**
   * @param leave leaves {@code base} without a process of this program; false if it can't
   */
  private Optional<Cgroups> openV2In(
      Path base, String name, GroupLimits limits, BooleanSupplier leave) {
    if (!Places.canHold(base)) {
      return Optional.empty();
    }
    Set<Bound> available = Hierarchy.available(base);
    try {
      remember(List.of(base.resolve(name)));
      sweep(List.of(base.resolve(name)));
      if (!leave.getAsBoolean()) {
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
  private static boolean moveToLeaf(Places places, Path base, String name) {
    if (!places.isAloneIn(base)) {
      return false;
    }
    Path leaf = base.resolve(name + "-gateway");
    ControlFiles.makeFolder(leaf);
    ControlFiles.write(leaf.resolve("cgroup.procs"), Long.toString(places.ownPid()));
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
}
