package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which stack file, and which of its functions. */
final class StackOptions {

  private static final List<String> DEFAULT_FILES = List.of("stack.yaml", "stack.yml");

  @Option(
      names = {"-f", "--yaml"},
      paramLabel = "FILE",
      description = "Stack file; else stack.yaml or stack.yml of this folder.")
  private @Nullable String file;

  @Option(
      names = "--filter",
      paramLabel = "GLOB",
      description = "Only functions whose name matches, such as 'api-*'.")
  private @Nullable String filter;

  @Option(
      names = "--regex",
      paramLabel = "REGEX",
      description = "Only functions whose name contains a match.")
  private @Nullable String regex;

  @Option(
      names = "--envsubst",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "true",
      arity = "0..1",
      paramLabel = "true|false",
      description = "Replace $${NAME} in the file by the environment; true unless given.")
  private boolean substitute = true;

  /** Whether a file is named by the user. */
  boolean named() {
    return file != null;
  }

  /** The file named, or the default one if it is there. */
  Optional<StackFile> find(Terminal terminal) {
    return path(terminal).map(path -> read(path, terminal));
  }

  /** A file is needed here. */
  StackFile require(Terminal terminal) {
    return find(terminal)
        .orElseThrow(
            () ->
                CliException.usage(
                    "There is no stack.yml here (expected: -f FILE, or the name of a function)."));
  }

  private Optional<Path> path(Terminal terminal) {
    if (file != null) {
      if (file.startsWith("http://") || file.startsWith("https://")) {
        throw CliException.usage("-f: stack files are read from disk; download " + file + " first");
      }
      return Optional.of(terminal.folder().resolve(file));
    }
    return DEFAULT_FILES.stream()
        .map(name -> terminal.folder().resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private StackFile read(Path path, Terminal terminal) {
    Path shown = path.startsWith(terminal.folder()) ? terminal.folder().relativize(path) : path;
    StackFile stack =
        substitute ? StackFile.read(path, terminal.environment()) : StackFile.readVerbatim(path);
    stack.notices().forEach(terminal.err()::println);
    StackFile selected = stack.select(selection());
    if (selected.functions().isEmpty()) {
      String names =
          String.join(", ", stack.functions().stream().map(StackFunction::name).toList());
      throw CliException.failed(shown + ": no function matches (it has: " + names + ")");
    }
    return selected;
  }

  private Predicate<String> selection() {
    if (filter != null && regex != null) {
      throw CliException.usage("--filter and --regex exclude each other");
    }
    if (filter != null) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + filter);
      return name -> matcher.matches(Path.of(name));
    }
    if (regex != null) {
      try {
        return Pattern.compile(regex).asPredicate();
      } catch (PatternSyntaxException e) {
        throw CliException.usage("--regex: " + e.getDescription() + " in \"" + regex + "\"");
      }
    }
    return _ -> true;
  }
}
