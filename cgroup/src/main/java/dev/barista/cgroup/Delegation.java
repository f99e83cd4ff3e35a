package dev.barista.cgroup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.barista.spawn.Environment;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Gets a cgroup of its own for a platform that isn't root, from the systemd of its user: by
 * starting the platform once more, as the same process, inside a scope that systemd delegates. Why
 * it is done like this: ADR 0026.
 */
public final class Delegation {

  /**
   * Holds the number of the process that has become itself again: whatever the new group is like,
   * it doesn't try twice. A child that inherits the variable has another number.
   */
  static final String VARIABLE = "BARISTA_SCOPE";

  private static final List<String> SCOPE =
      List.of("--user", "--scope", "--quiet", "--collect", "-p", "Delegate=yes", "--");

  /** A user's systemd answers in some 20 ms; one that is stuck must not keep the platform. */
  private static final long PATIENCE_SECONDS = 5;

  private final Path processFiles;
  private final long ownPid;
  private final boolean root;
  private final Map<String, String> environment;
  private final Replacement replacement;

  /** Makes this process another program; comes back only by failing. */
  @FunctionalInterface
  public interface Replacement {
    void become(Path program, List<String> arguments, Environment environment);
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** This process may make groups where it is, or is root, or was started again already. */
    record NotNeeded() implements Outcome {}

    /**
     * It stays where it is, and can make no groups.
     *
     * @param reason for the log
     */
    record Refused(String reason) implements Outcome {}
  }

  public Delegation(Map<String, String> environment, Replacement replacement) {
    this(Path.of("/proc/self"), ProcessHandle.current().pid(), isRoot(), environment, replacement);
  }

  /**
   * @param processFiles has {@code mountinfo}, {@code cgroup}, {@code cmdline}, {@code environ} and
   *     {@code exe}
   */
  Delegation(
      Path processFiles,
      long ownPid,
      boolean root,
      Map<String, String> environment,
      Replacement replacement) {
    this.processFiles = requireNonNull(processFiles, "processFiles");
    this.ownPid = ownPid;
    this.root = root;
    this.environment = Map.copyOf(environment);
    this.replacement = requireNonNull(replacement, "replacement");
  }

  /** Comes back when this process goes on as it is. Blocks for systemd's answer, if it is asked. */
  public Outcome enter() {
    if (Long.toString(ownPid).equals(environment.get(VARIABLE)) || root || !isNeeded()) {
      return new Outcome.NotNeeded();
    }
    Optional<Path> systemdRun = find("systemd-run");
    if (systemdRun.isEmpty()) {
      return new Outcome.Refused("there is no systemd-run on the PATH");
    }
    try {
      Optional<String> refusal = tried(systemdRun.get());
      if (refusal.isPresent()) {
        return new Outcome.Refused(refusal.get());
      }
      becomeItself(systemdRun.get());
      return new Outcome.Refused(systemdRun.get() + " could not be executed");
    } catch (IOException | RuntimeException e) {
      return new Outcome.Refused(systemdRun.get() + " could not be executed: " + e);
    }
  }

  private boolean isNeeded() {
    return Places.look(processFiles, ownPid).filter(Places::needDelegation).isPresent();
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException e) {
      return true; // no Linux: nothing to be had
    }
  }

  /** Once this process has become systemd-run there is no way back, so another one tries first. */
  private Optional<String> tried(Path systemdRun) throws IOException {
    List<String> command = scope(systemdRun);
    command.add("true");
    Process trial =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!trial.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        trial.destroyForcibly();
        return Optional.of(systemdRun + " --user did not answer within " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      trial.destroyForcibly();
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
    return trial.exitValue() == 0
        ? Optional.empty()
        : Optional.of(systemdRun + " --user --scope failed: is there a systemd of this user?");
  }

  private void becomeItself(Path systemdRun) throws IOException {
    List<String> arguments = scope(systemdRun);
    arguments.add(processFiles.resolve("exe").toRealPath().toString());
    List<String> own = strings("cmdline", UTF_8);
    arguments.addAll(own.subList(1, own.size()));
    replacement.become(
        systemdRun,
        arguments,
        Environment.empty()
            .plusBytes(ownEnvironment())
            .plus(Map.of(VARIABLE, Long.toString(ownPid))));
  }

  /** Byte by byte: Java's own view of it has lost what its locale can't show. */
  private Map<String, byte[]> ownEnvironment() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (String entry : strings("environ", ISO_8859_1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        all.put(entry.substring(0, equals), entry.substring(equals + 1).getBytes(ISO_8859_1));
      }
    }
    return all;
  }

  /** Each is followed by a NUL; the last may be empty. */
  private List<String> strings(String file, Charset encoding) throws IOException {
    List<String> all =
        List.of(Files.readString(processFiles.resolve(file), encoding).split("\0", -1));
    return all.subList(0, all.size() - 1);
  }

  private static List<String> scope(Path systemdRun) {
    List<String> command = new ArrayList<>();
    command.add(systemdRun.toString());
    command.addAll(SCOPE);
    return command;
  }

  private Optional<Path> find(String program) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
