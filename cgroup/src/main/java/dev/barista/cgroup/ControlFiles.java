package dev.barista.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The files by which the kernel shows and takes the settings of a group. */
final class ControlFiles {

  private ControlFiles() {}

  /** One write of the whole text, as the kernel wants it. */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new CgroupException("can't write '" + text + "' to " + file, e);
    }
  }

  /** Like {@link #write}, where an older kernel may lack the file. */
  static void writeIfThere(Path file, String text) {
    if (Files.exists(file)) {
      write(file, text);
    }
  }

  /** Empty if there is no such file (any more). */
  static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty(); // the group is gone: nothing to tell of it
    }
  }

  /** The number after {@code key} in a file of {@code key number} lines; 0 if there is none. */
  static long number(Path file, String key) {
    return find(file, key).orElse(0);
  }

  /** Like {@link #number}; empty if there is none. */
  static OptionalLong find(Path file, String key) {
    return read(file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
        .findFirst();
  }

  /** A file that is one number; empty if there is no such file (any more). */
  static OptionalLong number(Path file) {
    return read(file).stream().mapToLong(Long::parseLong).findFirst();
  }

  /**
   * Memory that is in use: all that is charged, without the file pages that were not used lately,
   * which the kernel takes back first. It is what Kubernetes calls the working set.
   */
  static OptionalLong workingSet(Path charged, Path statistics, String inactiveKey) {
    OptionalLong all = number(charged);
    return all.isPresent()
        ? OptionalLong.of(Math.max(0, all.getAsLong() - number(statistics, inactiveKey)))
        : all;
  }

  static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CgroupException("can't make the group " + folder, e);
    }
  }

  static void giveTo(Path file, int user) {
    try {
      Files.setAttribute(file, "unix:uid", user);
    } catch (IOException e) {
      throw new CgroupException("can't give " + file + " to user " + user, e);
    }
  }

  /** Process ids in a group's {@code cgroup.procs}. */
  static List<Integer> processes(Path group) {
    return read(group.resolve("cgroup.procs")).stream()
        .flatMap(String::lines)
        .filter(line -> !line.isBlank() && !line.equals("0"))
        .map(Integer::valueOf)
        .toList();
  }

  /** A group and all below it, the deepest first. */
  static List<Path> deepestFirst(Path group) {
    List<Path> all = new ArrayList<>();
    collect(group, all);
    return all;
  }

  private static void collect(Path group, List<Path> all) {
    try (Stream<Path> children = Files.list(group)) {
      children.filter(Files::isDirectory).forEach(child -> collect(child, all));
    } catch (IOException e) {
      return; // removed by someone else meanwhile
    }
    all.add(group);
  }

  /**
   * @return false if the kernel still has processes or groups in it, so that it is worth another
   *     try
   */
  static boolean remove(Path group) {
    try {
      Files.delete(group);
      return true;
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      return true; // gone, or no cgroup: the kernel says EBUSY of one that has children
    } catch (IOException e) {
      return false; // EBUSY: a process is still ending
    }
  }
}
