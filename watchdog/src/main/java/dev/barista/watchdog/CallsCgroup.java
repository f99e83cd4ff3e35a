package dev.barista.watchdog;

import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.Fd;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The cgroups that carry the limits of the function's processes, but not of this watchdog. They are
 * inherited as open files, since a sandbox shows no cgroup folder. How a call gets into them before
 * the function's code runs is told in ADR 0003.
 *
 * @param tasks v1: {@code tasks} files, which take a single thread: the spawning one
 * @param folder v2: the group's folder
 * @param procs a {@code cgroup.procs} file, into which each call writes itself
 * @param events where the kernel counts its kills for lack of memory: v1 {@code
 *     memory.oom_control}, v2 {@code memory.events}
 */
record CallsCgroup(List<Fd> tasks, Optional<Fd> folder, Optional<Fd> procs, Optional<Fd> events) {

  /**
   * Numbers of inherited descriptors, with commas: {@code N} an open {@code tasks} or {@code
   * cgroup.procs} file, {@code dir:N} the folder of a v2 group, {@code events:N} a readable file
   * with the count of kills (without one it is looked for beside the others).
   */
  static final String VARIABLE = "BARISTA_CALLS_CGROUP_FDS";

  static final CallsCgroup NONE =
      new CallsCgroup(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final int TRAMPOLINE_FD = 3;

  /** Variables by which the loaders and shells of Linux run code, or change what words mean. */
  private static final Pattern CODE =
      Pattern.compile("LD_.*|GLIBC_TUNABLES|GCONV_PATH|LOCPATH|ENV|PS4|SHELLOPTS|BASH.*");

  /**
   * @throws IllegalArgumentException naming the variable, if it is wrong
   */
  static CallsCgroup parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    List<Fd> tasks = new ArrayList<>();
    Optional<Fd> folder = Optional.empty();
    Optional<Fd> procs = Optional.empty();
    Optional<Fd> events = Optional.empty();
    for (String entry : text.split(",", -1)) {
      int colon = entry.indexOf(':');
      String kind = colon < 0 ? "" : entry.substring(0, colon);
      Fd fd = descriptor(entry.substring(colon + 1), text);
      switch (kind) {
        case "dir" -> folder = Optional.of(fd);
        case "events" -> events = Optional.of(fd);
        case "" -> {
          if (isProcs(fd)) {
            procs = Optional.of(fd);
          } else {
            tasks.add(fd);
          }
        }
        default -> throw wrong(text);
      }
    }
    return new CallsCgroup(List.copyOf(tasks), folder, procs, events);
  }

  /**
   * Makes every process that {@code spawner} starts a member, where that costs nothing per call.
   */
  void enter(Spawner spawner) {
    if (!tasks.isEmpty()) {
      spawner.joinCgroups(tasks);
    }
  }

  /** The command, changed so that its process starts as a member where {@link #enter} can't. */
  Command place(Command command) {
    if (folder.isPresent() && Spawner.canJoinCgroup()) {
      return command.withCgroup(folder.get());
    }
    if (folder.isPresent()) {
      return trampoline(command, "/proc/self/fd/3/cgroup.procs", folder.get());
    }
    return procs.map(file -> trampoline(command, "/proc/self/fd/3", file)).orElse(command);
  }

  /** The text of the kernel's counters, or empty when there are none to read. */
  Optional<String> readEvents() {
    try {
      Optional<Path> file = eventsFile();
      return file.isEmpty() ? Optional.empty() : Optional.of(Files.readString(file.get()));
    } catch (IOException _) {
      // A group without a memory limit may have no such file.
      return Optional.empty();
    }
  }

  private Optional<Path> eventsFile() throws IOException {
    if (events.isPresent()) {
      return Optional.of(handle(events.get()));
    }
    if (folder.isPresent()) {
      return Optional.of(handle(folder.get()).resolve("memory.events"));
    }
    for (Fd file : tasks) {
      // Beside the tasks file, where a sandbox doesn't hide it.
      Path beside = Files.readSymbolicLink(handle(file)).resolveSibling("memory.oom_control");
      if (Files.isReadable(beside)) {
        return Optional.of(beside);
      }
    }
    return Optional.empty();
  }

  /** Opens what the descriptor is open on, wherever that is and whatever hides its path. */
  private static Path handle(Fd fd) {
    return Path.of("/proc/self/fd", Integer.toString(fd.number()));
  }

  /**
   * A shell that joins the group, then becomes the function: about a millisecond per call. What the
   * loader or the shell would take for code from the environment is given to the function by {@code
   * env}, which runs in the group already.
   */
  private static Command trampoline(Command command, String file, Fd handle) {
    List<String> arguments =
        new ArrayList<>(
            List.of("/bin/sh", "-c", "echo 0 >" + file + " && exec 3>&- && exec \"$@\"", "sh"));
    Environment environment = command.environment();
    Set<String> code = new TreeSet<>(environment.names());
    code.removeIf(name -> !CODE.matcher(name).matches());
    if (!code.isEmpty()) {
      arguments.add("/usr/bin/env");
      code.forEach(name -> arguments.add(name + "=" + environment.get(name).orElseThrow()));
    }
    arguments.addAll(command.arguments());
    return new Command(
            arguments,
            environment.without(code),
            command.folder(),
            command.descriptors(),
            command.group(),
            Optional.empty())
        .withFd(TRAMPOLINE_FD, handle);
  }

  private static boolean isProcs(Fd fd) {
    try {
      Path name = Files.readSymbolicLink(handle(fd)).getFileName();
      return name != null && name.toString().startsWith("cgroup.procs");
    } catch (IOException failure) {
      throw new IllegalArgumentException(
          VARIABLE + ": file descriptor " + fd.number() + " is not open", failure);
    }
  }

  private static Fd descriptor(String number, String text) {
    if (!number.matches("\\d{1,6}")) {
      throw wrong(text);
    }
    return Fd.adopt(Integer.parseInt(number));
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        VARIABLE + ": '" + text + "' (expected: N, dir:N or events:N, with commas)");
  }
}
