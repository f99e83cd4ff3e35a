package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the real program behind a command: through links, virtual environments and the shims of
 * version managers, which cost 130 ms a start. Each candidate is asked once; what it said is kept
 * on disk until the file changes. Safe for several threads. Blocks while a candidate is asked.
 */
public final class InterpreterResolver {

  private static final List<Path> USUAL_FOLDERS =
      List.of(Path.of("/usr/local/bin"), Path.of("/usr/bin"), Path.of("/bin"));

  private final InterpreterProbes probes;
  private final Map<String, String> environment;

  /**
   * @param dataFolder its {@code cache} folder keeps the answers
   * @param environment where to search: {@code PATH}, {@code JAVA_HOME}
   */
  public InterpreterResolver(Path dataFolder, Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.probes =
        new InterpreterProbes(
            dataFolder.resolve("cache").resolve("interpreters.json"), this.environment);
  }

  /** The first candidate in the order of {@code PATH}. */
  public Interpreter resolve(String command) {
    return resolve(command, interpreter -> true);
  }

  /**
   * The first candidate that pleases the caller.
   *
   * @param command {@code python3}, {@code java}, {@code node}, any other program, or a path
   * @throws FaasException IMAGE_INVALID with one sentence saying what to install
   */
  public Interpreter resolve(String command, Predicate<Interpreter> usable) {
    return find(command, usable)
        .orElseThrow(() -> refused(MissingProgram.sentence(command, find(command, i -> true))));
  }

  /**
   * The first candidate that pleases the caller and fits the image's installed dependencies.
   *
   * @param command first word of the function's command
   * @throws FaasException IMAGE_INVALID with one sentence naming both versions
   */
  public Interpreter resolve(HostImage image, String command, Predicate<Interpreter> usable) {
    Interpreter first = resolve(command, usable);
    if (image.abi().isEmpty() || first.abi().isEmpty() || first.abi().equals(image.abi())) {
      return first;
    }
    String abi = image.abi().get();
    return find(command, i -> usable.test(i) && i.abi().equals(image.abi()))
        .or(() -> find(Abi.commandOf(abi), i -> usable.test(i) && i.abi().equals(image.abi())))
        .orElseThrow(
            () ->
                refused(
                    "image "
                        + image.reference()
                        + " has dependencies installed for "
                        + Abi.describe(abi)
                        + " and this host runs "
                        + Abi.describe(first.abi().orElseThrow())
                        + ": build it again with 'barista build', or install "
                        + Abi.describe(abi)));
  }

  /** Whether every user of the host can read and run it; functions may run under another user. */
  public static boolean isReadableByOthers(Interpreter interpreter) {
    return isOpen(interpreter.executable(), PosixFilePermission.OTHERS_EXECUTE)
        && interpreter.folders().stream()
            .allMatch(folder -> isOpen(folder, PosixFilePermission.OTHERS_READ));
  }

  private static boolean isOpen(Path path, PosixFilePermission last) {
    try {
      if (!Files.getPosixFilePermissions(path).contains(last)) {
        return false;
      }
      for (Path at = path; at != null; at = at.getParent()) {
        if (Files.isDirectory(at)
            && !Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  Map<String, String> environment() {
    return environment;
  }

  Optional<Interpreter> find(String command, Predicate<Interpreter> usable) {
    return candidates(command).stream()
        .map(path -> probes.ask(command, path))
        .flatMap(Optional::stream)
        .filter(usable)
        .findFirst();
  }

  private List<Path> candidates(String command) {
    if (command.contains("/")) {
      return Stream.of(Path.of(command)).filter(InterpreterResolver::isProgram).toList();
    }
    Set<Path> found = new LinkedHashSet<>();
    if (command.equals("java")) {
      javaHomes().forEach(home -> found.add(home.resolve("bin").resolve(command)));
    }
    for (String folder : environment.getOrDefault("PATH", "").split(":")) {
      if (folder.startsWith("/")) {
        found.add(Path.of(folder).resolve(command));
      }
    }
    USUAL_FOLDERS.forEach(folder -> found.add(folder.resolve(command)));
    if (command.equals("python")) {
      found.addAll(candidates("python3"));
    }
    return found.stream().filter(InterpreterResolver::isProgram).toList();
  }

  /** The one that runs this program comes first: it is new enough and there for sure. */
  private List<Path> javaHomes() {
    Path own = Path.of(System.getProperty("java.home"));
    return Optional.ofNullable(environment.get("JAVA_HOME"))
        .filter(home -> home.startsWith("/"))
        .map(home -> List.of(own, Path.of(home)))
        .orElse(List.of(own));
  }

  private static boolean isProgram(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(path)
        && Files.isExecutable(path);
  }

  private static FaasException refused(String sentence) {
    return new FaasException(ErrorCode.IMAGE_INVALID, "image", sentence);
  }
}
