package dev.barista.spawn;

import dev.barista.spawn.Command.ProcessGroup;
import dev.barista.spawn.Command.Source;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One start: finds the program, opens the pipes, spawns, closes what only the child needs. */
final class Launch {

  private final Command command;
  private final ProgramFinder programs;
  private final Map<Integer, Integer> descriptors = new HashMap<>();
  private final Map<Integer, Fd> parentEnds = new HashMap<>();
  private final List<Fd> childEnds = new ArrayList<>();

  private Launch(Command command, ProgramFinder programs) {
    this.command = command;
    this.programs = programs;
  }

  /**
   * @throws SpawnException with nothing left behind
   */
  static Child start(Command command, ProgramFinder programs) {
    var launch = new Launch(command, programs);
    try {
      return launch.run();
    } catch (ErrnoException failure) {
      launch.parentEnds.values().forEach(Fd::close);
      throw new SpawnException(launch.sentence(failure), failure.errno());
    } finally {
      launch.childEnds.forEach(Fd::close);
    }
  }

  private Child run() {
    String program = programs.find(command);
    openDescriptors();
    int pid = spawn(program);
    return new Child(pid, command.group() != ProcessGroup.INHERITED, pidFd(pid), parentEnds);
  }

  /** A program that was remembered may have moved since. */
  private int spawn(String program) {
    try {
      return PosixSpawn.spawn(command, program, descriptors);
    } catch (ErrnoException failure) {
      if (failure.errno() == Errno.ENOENT && programs.forget(command)) {
        return PosixSpawn.spawn(command, programs.find(command), descriptors);
      }
      throw failure;
    }
  }

  /** A process that can't be watched is not left behind. */
  private static Fd pidFd(int pid) {
    try {
      return Syscalls.pidFd(pid);
    } catch (ErrnoException failure) {
      Syscalls.kill(pid, Signals.SIGKILL);
      Syscalls.reap(pid);
      throw failure;
    }
  }

  private void openDescriptors() {
    int highest = command.descriptors().keySet().stream().mapToInt(n -> n).max().orElse(2);
    command
        .descriptors()
        .forEach((number, source) -> descriptors.put(number, open(number, source, highest)));
    command
        .descriptors()
        .forEach(
            (number, source) -> {
              if (source instanceof Source.SameAs(int other)) {
                descriptors.put(number, sameAs(number, other));
              }
            });
  }

  private int open(int number, Source source, int highest) {
    return switch (source) {
      case Source.Given(Fd fd) -> above(fd.number(), highest);
      case Source.NewPipe() -> {
        Pipe pipe = Pipe.open();
        Fd childEnd = number == 0 ? pipe.readEnd() : pipe.writeEnd();
        childEnds.add(childEnd);
        parentEnds.put(number, number == 0 ? pipe.writeEnd() : pipe.readEnd());
        yield above(childEnd.number(), highest);
      }
      case Source.SameAs _ -> -1;
    };
  }

  private int sameAs(int number, int other) {
    Integer source = descriptors.get(other);
    if (source == null || source < 0) {
      throw new IllegalArgumentException(
          "descriptor " + number + ": same as " + other + " (expected: a pipe or a given one)");
    }
    return source;
  }

  /**
   * The dup2 actions run one after the other, so a source whose number is also a target could be
   * overwritten before its turn: such a source is moved out of the way.
   */
  private int above(int fd, int highest) {
    if (fd > highest) {
      return fd;
    }
    Fd moved = Fd.adopt(Syscalls.duplicateAbove(fd, highest + 1));
    childEnds.add(moved);
    return moved.number();
  }

  private String sentence(ErrnoException failure) {
    String program = command.arguments().getFirst();
    return switch (failure.errno()) {
      case Errno.ENOENT -> "command not found: " + program + folderHint();
      case Errno.EACCES -> "command not executable (permission denied): " + program + folderHint();
      case Errno.ENOEXEC ->
          "command is no program for this machine, and no script with '#!': " + program;
      case Errno.ENOTDIR ->
          "command or working folder has a file where a folder is expected: "
              + program
              + folderHint();
      case Errno.E2BIG ->
          "arguments and environment of " + program + " are too large for this system";
      case Errno.EAGAIN ->
          "no further process may be started (limit of processes reached): " + program;
      case Errno.EMFILE, Errno.ENFILE -> "no file descriptor left to start " + program;
      case Errno.ENOMEM -> "not enough memory to start " + program;
      default -> program + " could not be started: " + failure.getMessage();
    };
  }

  private String folderHint() {
    return command
        .folder()
        .filter(folder -> !Files.isDirectory(folder))
        .map(folder -> " (its working folder " + folder + " does not exist)")
        .orElse("");
  }
}
