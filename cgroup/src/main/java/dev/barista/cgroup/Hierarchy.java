package dev.barista.cgroup;

import dev.barista.cgroup.Cgroups.Bound;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which cgroup file systems are mounted, and in which group of each this process is, from {@code
 * /proc/self/mountinfo} and {@code /proc/self/cgroup}.
 *
 * @param v1 own group's folder per bound, where a v1 controller for it is mounted
 * @param v1Accounting own group's folder where v1 counts processor time; often that of {@code CPU}
 * @param v2 own group's folder in the v2 tree, if one is mounted
 * @param v2Root the top of what is mounted of that tree
 */
record Hierarchy(
    Map<Bound, Path> v1, Optional<Path> v1Accounting, Optional<Path> v2, Optional<Path> v2Root) {

  private static final String ACCOUNTING = "cpuacct";

  static Hierarchy read(List<String> mountInfo, List<String> ownGroups) {
    Map<Bound, Path> v1 = new EnumMap<>(Bound.class);
    Optional<Path> v1Accounting = Optional.empty();
    Optional<Path> v2 = Optional.empty();
    Optional<Path> v2Root = Optional.empty();
    for (String line : mountInfo) {
      String[] fields = line.split(" ");
      int dash = Arrays.asList(fields).indexOf("-");
      if (fields.length < 6 || dash < 6 || fields.length < dash + 4) {
        continue;
      }
      String root = fields[3];
      Path mountPoint = Path.of(unescaped(fields[4]));
      List<String> options = List.of(fields[dash + 3].split(","));
      switch (fields[dash + 1]) {
        case "cgroup" -> {
          for (Bound bound : Bound.values()) {
            String controller = controller(bound);
            if (options.contains(controller)) {
              v1.put(bound, ownFolder(mountPoint, root, groupOf(ownGroups, controller)));
            }
          }
          if (options.contains(ACCOUNTING)) {
            v1Accounting = Optional.of(ownFolder(mountPoint, root, groupOf(ownGroups, ACCOUNTING)));
          }
        }
        case "cgroup2" -> {
          v2 = Optional.of(ownFolder(mountPoint, root, groupOf(ownGroups, "")));
          v2Root = Optional.of(mountPoint);
        }
        default -> {
          // another file system
        }
      }
    }
    return new Hierarchy(v1, v1Accounting, v2, v2Root);
  }

  static String controller(Bound bound) {
    return switch (bound) {
      case MEMORY -> "memory";
      case CPU -> "cpu";
      case PROCESSES -> "pids";
    };
  }

  /** What a v2 group may bound its children in. */
  static Set<Bound> available(Path group) {
    List<String> controllers =
        List.of(ControlFiles.read(group.resolve("cgroup.controllers")).orElse("").split(" "));
    Set<Bound> bounds = EnumSet.noneOf(Bound.class);
    for (Bound bound : Bound.values()) {
      if (controllers.contains(controller(bound))) {
        bounds.add(bound);
      }
    }
    return bounds;
  }

  /** Enables controllers for the children of a v2 group. */
  static void enable(Path group, Set<Bound> bounds) {
    for (Bound bound : bounds) {
      ControlFiles.write(group.resolve("cgroup.subtree_control"), "+" + controller(bound));
    }
  }

  /** A line is {@code ID:CONTROLLERS:/PATH}; v2's has no controllers. */
  private static String groupOf(List<String> ownGroups, String controller) {
    for (String line : ownGroups) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && List.of(fields[1].split(",")).contains(controller)) {
        return fields[2];
      }
    }
    return "/";
  }

  /** In a container the mount may show only a part of the tree, {@code root}, as its top. */
  private static Path ownFolder(Path mountPoint, String root, String group) {
    String inside =
        !root.equals("/") && group.startsWith(root) ? group.substring(root.length()) : group;
    return inside.startsWith("/..") ? mountPoint : mountPoint.resolve("./" + inside).normalize();
  }

  /** The kernel writes a space as {@code \040}. */
  private static String unescaped(String path) {
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
