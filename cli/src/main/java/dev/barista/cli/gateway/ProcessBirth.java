package dev.barista.cli.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * When a process was born, as a word to compare: a process id alone is given to another process one
 * day. From {@code /proc/PID/stat} (field 22 of proc(5), clock ticks since the boot) and the boot's
 * own id; where there is no {@code /proc}, the start as the system tells it.
 */
public final class ProcessBirth {

  private static final Path PROC = Path.of("/proc");

  /** Fields after the name in brackets begin with the third. */
  private static final int START_TIME = 22 - 3;

  private ProcessBirth() {}

  /** Empty when there is no such process. */
  public static Optional<String> of(long pid) {
    return Files.isDirectory(PROC.resolve("self")) ? fromProc(pid) : fromSystem(pid);
  }

  private static Optional<String> fromProc(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return Optional.of(fields[START_TIME] + "@" + boot);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> fromSystem(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().startInstant())
        .map(String::valueOf);
  }
}
