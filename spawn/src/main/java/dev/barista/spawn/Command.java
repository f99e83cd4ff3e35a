package dev.barista.spawn;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to start, and all that the child will have: nothing is inherited that isn't named here.
 * Immutable.
 *
 * <p>Descriptors 0, 1 and 2 are {@code /dev/null} unless given. Every other descriptor of this
 * process is closed in the child. Signal mask and signal handlers are reset.
 *
 * @param arguments the program and its arguments; a program without '/' is looked for in the PATH
 *     of {@code environment} (or the usual folders if that has none)
 * @param folder the working folder; absent: this process's
 * @param descriptors what the child gets, by the number it has there
 * @param cgroup an open cgroup v2 folder in which the child starts; needs {@link
 *     Spawner#canJoinCgroup}
 */
public record Command(
    List<String> arguments,
    Environment environment,
    Optional<Path> folder,
    Map<Integer, Source> descriptors,
    ProcessGroup group,
    Optional<Fd> cgroup) {

  /** Where a child's descriptor comes from. */
  public sealed interface Source {
    /** A descriptor of this process, which stays open here and stays the caller's. */
    record Given(Fd fd) implements Source {}

    /** A new pipe whose other end is {@link Child#pipe}. The child reads if the number is 0. */
    record NewPipe() implements Source {}

    /** The same as another of the child's numbers, such as 2 like 1. */
    record SameAs(int number) implements Source {}
  }

  /** Who gets the signals that are sent to a group. */
  public enum ProcessGroup {
    /** The child stays in this process's group. */
    INHERITED,
    /** The child leads a new process group: {@link Child#signalGroup} reaches all of it. */
    OWN_GROUP,
    /** The child leads a new session, and so a new process group, without a terminal. */
    OWN_SESSION
  }

  public Command {
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
      throw new IllegalArgumentException("command: empty (expected: a program)");
    }
    descriptors = Map.copyOf(descriptors);
    for (int number : descriptors.keySet()) {
      if (number < 0 || number > 1023) {
        throw new IllegalArgumentException("descriptor: " + number + " (expected: 0..1023)");
      }
    }
  }

  /** In a session of its own, with an empty environment and everything at {@code /dev/null}. */
  public static Command of(List<String> arguments) {
    return new Command(
        arguments,
        Environment.empty(),
        Optional.empty(),
        Map.of(),
        ProcessGroup.OWN_SESSION,
        Optional.empty());
  }

  public Command withEnvironment(Environment replaced) {
    return new Command(arguments, replaced, folder, descriptors, group, cgroup);
  }

  public Command withFolder(Path replaced) {
    return new Command(arguments, environment, Optional.of(replaced), descriptors, group, cgroup);
  }

  public Command withGroup(ProcessGroup replaced) {
    return new Command(arguments, environment, folder, descriptors, replaced, cgroup);
  }

  /** The child starts in the cgroup v2 whose folder is open as {@code directory}. */
  public Command withCgroup(Fd directory) {
    return new Command(arguments, environment, folder, descriptors, group, Optional.of(directory));
  }

  public Command withFd(int number, Fd fd) {
    return with(number, new Source.Given(fd));
  }

  public Command withPipe(int number) {
    return with(number, new Source.NewPipe());
  }

  /** The child's {@code number} is a copy of its {@code other}. */
  public Command withSame(int number, int other) {
    return with(number, new Source.SameAs(other));
  }

  private Command with(int number, Source source) {
    var more = new TreeMap<>(descriptors);
    more.put(number, source);
    return new Command(arguments, environment, folder, more, group, cgroup);
  }
}
