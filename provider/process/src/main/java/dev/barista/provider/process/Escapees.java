package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Ends processes that left their replica's session, where no cgroup and no pid namespace holds them
 * together. They are found by a variable that every process of a replica inherits, and, where
 * functions have users of their own, by the user, which no process can shed. Thread-safe; blocks on
 * {@code /proc}: a few milliseconds for a host with hundreds of processes.
 */
final class Escapees {

  /** Says of which run of which platform a process is: {@code barista-1a2b3c/7}. */
  static final String VARIABLE = "BARISTA_REPLICA";

  private static final Path PROC = Path.of("/proc");

  /** What is killed may have started another meanwhile: looked for again until there is none. */
  private static final int MOST_ROUNDS = 100;

  private static final long PAUSE_NANOS = 1_000_000;

  private final String platform;

  /**
   * @param platform unique to the data folder
   */
  Escapees(String platform) {
    this.platform = platform;
  }

  /** The variable's value for a run. */
  String mark(String token) {
    return platform + "/" + token;
  }

  /** Ends what is left of one run. */
  void endRun(String token) {
    byte[] entry = entry(mark(token) + '\0');
    killAll(process -> contains(environment(process), entry));
  }

  /** Ends what is left of every run, also of earlier starts on this data folder. */
  void endAll() {
    byte[] entry = entry(platform + "/");
    killAll(process -> contains(environment(process), entry));
  }

  /** Ends everything that certain users run. */
  void endUsers(IntPredicate users) {
    killAll(process -> user(process).filter(users::test).isPresent());
  }

  private static byte[] entry(String value) {
    return ('\0' + VARIABLE + "=" + value).getBytes(ISO_8859_1);
  }

  private static void killAll(Predicate<Path> wanted) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<Path> found = processes().filter(wanted).toList();
      if (found.isEmpty()) {
        return;
      }
      found.forEach(process -> kill(process, wanted));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static Stream<Path> processes() {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(path -> isNumber(path.getFileName().toString())).toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static boolean isNumber(String name) {
    return name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The handle knows its process by its start time, so that a number given anew is no victim. */
  private static void kill(Path process, Predicate<Path> wanted) {
    long pid = Long.parseLong(process.getFileName().toString());
    ProcessHandle.of(pid)
        .filter(_ -> wanted.test(process))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  /** As it was when the program began, after a NUL; nothing of a process that has ended. */
  private static byte[] environment(Path process) {
    try {
      byte[] environment = Files.readAllBytes(process.resolve("environ"));
      byte[] all = new byte[environment.length + 1];
      System.arraycopy(environment, 0, all, 1, environment.length);
      return all;
    } catch (IOException e) {
      return new byte[0]; // it has ended, or is another user's
    }
  }

  /**
   * Not the owner of its folder in {@code /proc}: that is root for a process that forbids tracing.
   */
  private static Optional<Integer> user(Path process) {
    try {
      List<String> status = Files.readAllLines(process.resolve("status"), ISO_8859_1);
      if (status.stream().anyMatch(line -> line.startsWith("State:\tZ"))) {
        return Optional.empty(); // dead already
      }
      return status.stream()
          .filter(line -> line.startsWith("Uid:"))
          .map(line -> Integer.valueOf(line.split("\t")[1]))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean contains(byte[] text, byte[] part) {
    for (int start = 0; start <= text.length - part.length; start++) {
      int length = 0;
      while (length < part.length && text[start + length] == part[length]) {
        length++;
      }
      if (length == part.length) {
        return true;
      }
    }
    return false;
  }
}
