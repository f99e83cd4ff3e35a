package dev.barista.cli.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the {@code git} of this machine in a folder, with a bound on time. What a repository could
 * make git run (hooks, filters of its own, strange transports) is switched off. Blocking.
 */
public final class Git {

  private static final int MAX_OUTPUT_BYTES = 64 << 10;

  private final Path folder;
  private final Map<String, String> environment;

  /**
   * @param environment that of the user: proxies, keys and helpers for passwords are named there
   */
  public Git(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /**
   * What it printed, without white space around.
   *
   * @throws CliException with git's own first complaint
   */
  public String run(long seconds, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "core.hooksPath=/dev/null", "-c", "core.symlinks=false"));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("barista-git", null);
      try {
        return run(command, output, seconds);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw CliException.failed(
          "git can't be run (" + e.getMessage() + "): install it (Debian: apt install git)");
    }
  }

  /** The output goes through a file: a pipe that nobody reads would stop git. */
  private String run(List<String> command, Path output, long seconds) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().put("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file");
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw CliException.failed("git takes longer than " + seconds + " s: " + shown(command));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException("interrupted while git runs", e);
    }
    String text = firstBytes(output).strip();
    if (process.exitValue() != 0) {
      throw CliException.failed("git: " + complaint(text));
    }
    return text;
  }

  private static String firstBytes(Path output) throws IOException {
    try (var in = Files.newInputStream(output)) {
      return new String(in.readNBytes(MAX_OUTPUT_BYTES), UTF_8);
    }
  }

  /** The line that says what went wrong; progress stands around it. */
  private static String complaint(String text) {
    return Printable.line(
        text.lines()
            .filter(line -> line.startsWith("fatal:") || line.startsWith("error:"))
            .findFirst()
            .orElse(text.lines().findFirst().orElse("it failed without a word")));
  }

  private static String shown(List<String> command) {
    return String.join(" ", command.subList(5, command.size()));
  }
}
