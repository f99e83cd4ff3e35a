package dev.barista.cgroup;

import dev.barista.cgroup.Cgroups.Bound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where this process may make groups, by what is mounted and whose it is.
 *
 * @param ownPid of this process
 */
record Places(Hierarchy hierarchy, long ownPid) {

  private static final String DELEGATE =
      "systemd-run --user --scope -p Delegate=yes ./barista serve";

  /**
   * Looks.
   *
   * @param processFiles has {@code mountinfo} and {@code cgroup}
   * @return empty where the system has no cgroups
   */
  static Optional<Places> look(Path processFiles, long ownPid) {
    try {
      return Optional.of(
          new Places(
              Hierarchy.read(
                  Files.readAllLines(processFiles.resolve("mountinfo")),
                  Files.readAllLines(processFiles.resolve("cgroup"))),
              ownPid));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Own groups of v1 controllers that groups can be made in. */
  Map<Bound, Path> v1() {
    Map<Bound, Path> writable = new EnumMap<>(Bound.class);
    hierarchy
        .v1()
        .forEach(
            (bound, own) -> {
              if (Files.isWritable(own)) {
                writable.put(bound, own);
              }
            });
    return writable;
  }

  /** The group of v2 that groups with bounds can be made in: the own one, or the tree's top. */
  Optional<Path> v2() {
    return hierarchy
        .v2()
        .filter(own -> canHold(own) && isAloneIn(own))
        .or(() -> hierarchy.v2Root().filter(Places::canHold));
  }

  /**
   * Whether cgroup v2 is all there is, and this user may make no groups in it where this process
   * is: systemd can give a group in which that works.
   */
  boolean needDelegation() {
    return hierarchy.v1().isEmpty() && hierarchy.v2().isPresent() && v2().isEmpty();
  }

  /** Whether there are bounds for groups below this one, and leave to make them. */
  static boolean canHold(Path group) {
    return Files.isWritable(group) && !Hierarchy.available(group).isEmpty();
  }

  /** A verb stands in its shell's group; {@code serve} is started alone in one. */
  boolean isAloneIn(Path group) {
    return ControlFiles.processes(group).stream().allMatch(pid -> pid == ownPid);
  }

  /** Why no groups can be made, for the user. */
  String whyNone() {
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
