package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Asks one candidate what it really is, in the words of its language. */
final class InterpreterQuestion {

  /** What the functions of the built-in templates are compiled for. */
  static final int OLDEST_JAVA = 25;

  private static final int ANSWER_SECONDS = 20;
  private static final String PYTHON =
      """
      import sys, os, sysconfig
      print(os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable))
      print(sys.version.split()[0])
      print(sys.implementation.cache_tag)
      for name in ('stdlib', 'platstdlib'): print(sysconfig.get_paths()[name])
      print(sys.base_prefix)
      print(sys.base_exec_prefix)
      print(sysconfig.get_config_var('LIBDIR') or sys.base_prefix)
      """;
  private static final String NODE =
      "[require('fs').realpathSync(process.execPath),process.version.slice(1),"
          + "'node-'+process.versions.modules].join('\\n')";

  private static final String RUBY =
      "puts RbConfig.ruby, RUBY_VERSION, RbConfig::CONFIG['ruby_version'],"
          + " RbConfig::CONFIG['prefix']";
  private static final String PHP = "echo PHP_VERSION;";

  private InterpreterQuestion() {}

  static Optional<Interpreter> ask(String command, Path candidate, Map<String, String> environment)
      throws IOException {
    String name = Folders.name(Path.of(command));
    if (name.equals("python") || name.matches("python3(\\.[0-9]+)?")) {
      return python(command, answer(environment, candidate.toString(), "-c", PYTHON));
    }
    return switch (name) {
      case "node" -> node(command, answer(environment, candidate.toString(), "-p", NODE));
      case "npm" -> npm(command, candidate.toRealPath());
      case "go" ->
          go(command, answer(environment, candidate.toString(), "env", "GOROOT", "GOVERSION"));
      case "cargo" -> cargo(command, candidate, environment);
      case "ruby" -> ruby(command, answer(environment, candidate.toString(), "-e", RUBY));
      case "bundle", "composer" -> script(command, candidate);
      case "php" ->
          versioned(command, candidate, answer(environment, candidate.toString(), "-r", PHP));
      case "dotnet" ->
          versioned(command, candidate, answer(environment, candidate.toString(), "--version"));
      case "java" -> java(command, candidate, environment);
      default -> Optional.of(other(command, candidate.toRealPath()));
    };
  }

  private static Optional<Interpreter> python(String command, List<String> lines)
      throws IOException {
    if (lines.size() < 4 || lines.get(1).startsWith("2.")) {
      return Optional.empty();
    }
    return Optional.of(
        new Interpreter(
            command,
            Path.of(lines.get(0)),
            lines.get(1),
            Optional.of(lines.get(2)),
            folders(lines.subList(3, lines.size()))));
  }

  private static Optional<Interpreter> node(String command, List<String> lines) throws IOException {
    if (lines.size() < 3) {
      return Optional.empty();
    }
    Path executable = Path.of(lines.getFirst());
    return Optional.of(
        new Interpreter(
            command,
            executable,
            lines.get(1),
            Optional.of(lines.get(2)),
            folders(List.of(executable.resolve("../..").normalize().toString()))));
  }

  /** It is a script of Node's, beside it or in a folder of its own. */
  private static Optional<Interpreter> npm(String command, Path script) throws IOException {
    return Optional.of(
        new Interpreter(
            command,
            script,
            versionOf(script.resolve("../../package.json").normalize()),
            Optional.empty(),
            folders(List.of(script.resolve("../..").normalize().toString()))));
  }

  private static Optional<Interpreter> go(String command, List<String> lines) throws IOException {
    if (lines.size() < 2) {
      return Optional.empty();
    }
    Path root = Path.of(lines.get(0)).toRealPath();
    return Optional.of(
        new Interpreter(
            command,
            root.resolve("bin/go"),
            lines.get(1),
            Optional.empty(),
            folders(List.of(root.toString()))));
  }

  /** rustup's cargo is a shim; the toolchain behind it has all that a build needs. */
  private static Optional<Interpreter> cargo(
      String command, Path candidate, Map<String, String> environment) throws IOException {
    String rustc = candidate.resolveSibling("rustc").toString();
    List<String> root = answer(environment, rustc, "--print", "sysroot");
    List<String> version = answer(environment, rustc, "--version");
    if (root.isEmpty() || version.isEmpty()) {
      return Optional.empty();
    }
    Path folder = Path.of(root.getFirst());
    Path own = folder.resolve("bin/cargo");
    return Optional.of(
        new Interpreter(
            command,
            Files.isExecutable(own) ? own : candidate.toRealPath(),
            version.getFirst(),
            Optional.empty(),
            folders(List.of(folder.toString()))));
  }

  private static Optional<Interpreter> ruby(String command, List<String> lines) throws IOException {
    if (lines.size() < 3) {
      return Optional.empty();
    }
    return Optional.of(
        new Interpreter(
            command,
            Path.of(lines.get(0)).toRealPath(),
            lines.get(1),
            Optional.of("ruby-" + lines.get(2)),
            folders(lines.subList(3, lines.size()))));
  }

  /** A script that its interpreter, another tool, runs: it is called by its own name. */
  private static Optional<Interpreter> script(String command, Path candidate) throws IOException {
    return Optional.of(
        new Interpreter(
            command,
            candidate,
            /* version= */ "",
            Optional.empty(),
            folders(List.of(candidate.toRealPath().resolve("..").normalize().toString()))));
  }

  private static Optional<Interpreter> versioned(String command, Path candidate, List<String> lines)
      throws IOException {
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Interpreter plain = other(command, candidate.toRealPath());
    return Optional.of(
        new Interpreter(
            command, plain.executable(), lines.getFirst(), Optional.empty(), plain.folders()));
  }

  private static String versionOf(Path packageJson) throws IOException {
    if (!Files.isReadable(packageJson)) {
      return "";
    }
    Matcher version =
        Pattern.compile("\"version\"\\s*:\\s*\"([^\"]*)\"")
            .matcher(Files.readString(packageJson, UTF_8));
    return version.find() ? version.group(1) : "";
  }

  private static Optional<Interpreter> java(
      String command, Path candidate, Map<String, String> environment) throws IOException {
    Path home = candidate.toRealPath().resolve("../..").normalize();
    if (!Files.exists(home.resolve("release"))) {
      Optional<Path> told = javaHome(candidate, environment);
      if (told.isEmpty()) {
        return Optional.empty();
      }
      home = told.get();
    }
    String version = releaseOf(home);
    int feature = Integer.parseInt("0" + version.replaceFirst("[^0-9].*", ""));
    if (feature < OLDEST_JAVA) {
      return Optional.empty();
    }
    return Optional.of(
        new Interpreter(
            command,
            home.resolve("bin").resolve("java"),
            version,
            Optional.of("jdk-" + feature),
            folders(List.of(home.toString(), home + "/conf", home + "/lib/security"))));
  }

  /** A shim leads to no JDK, so the program behind it is asked. */
  private static Optional<Path> javaHome(Path candidate, Map<String, String> environment)
      throws IOException {
    return answer(environment, candidate.toString(), "-XshowSettings:properties", "-version")
        .stream()
        .map(String::strip)
        .filter(line -> line.startsWith("java.home = "))
        .map(line -> Path.of(line.substring("java.home = ".length())))
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static String releaseOf(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.exists(release)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
          .findFirst()
          .orElse("");
    }
  }

  private static Interpreter other(String command, Path executable) throws IOException {
    return new Interpreter(
        command,
        executable,
        /* version= */ "",
        Optional.empty(),
        folders(List.of(executable.resolve("..").normalize().toString())));
  }

  private static List<Path> folders(List<String> names) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (String name : names) {
      if (name.startsWith("/") && Files.isDirectory(Path.of(name))) {
        folders.add(Path.of(name).toRealPath());
      }
    }
    return folders.stream()
        .filter(f -> folders.stream().noneMatch(o -> !o.equals(f) && f.startsWith(o)))
        .toList();
  }

  /** Lines of a short run, both streams; none when it fails or takes too long. */
  private static List<String> answer(Map<String, String> environment, String... command)
      throws IOException {
    Path output = Files.createTempFile("barista-interpreter", null);
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().clear();
      for (String name :
          List.of("PATH", "HOME", "PYENV_ROOT", "PYENV_VERSION", "RUSTUP_HOME", "CARGO_HOME")) {
        Optional.ofNullable(environment.get(name))
            .ifPresent(value -> builder.environment().put(name, value));
      }
      builder.directory(Path.of("/").toFile()).redirectOutput(output.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return List.of();
      }
      return process.exitValue() == 0 ? Files.readAllLines(output, UTF_8) : List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      Files.delete(output);
    }
  }
}
