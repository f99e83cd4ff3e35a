package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
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

/** Which stack file, and which of its functions. */
final class StackOptions {

  private static final List<String> DEFAULT_FILES = List.of("stack.yaml", "stack.yml");

  private final Option.Text file;
  private final Option.Flag substitute;
  private final Option.Text filter;
  private final Option.Text regex;

  StackOptions(OptionSet options) {
    this.file =
        options.text(
            "FILE", "Stack file; else stack.yaml or stack.yml of this folder.", "-f", "--yaml");
    this.substitute =
        options.flagUnlessFalse(
            "Replace ${NAME} in the file by the environment; true unless given.", "--envsubst");
    this.filter =
        options.text("GLOB", "Only functions whose name matches, such as 'api-*'.", "--filter");
    this.regex = options.text("REGEX", "Only functions whose name contains a match.", "--regex");
  }

  /** Whether a file is named by the user. */
  boolean named() {
    return file.given();
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
    if (file.given()) {
      String named = file.value().orElseThrow();
      if (named.startsWith("http://") || named.startsWith("https://")) {
        throw CliException.usage(
            "-f: stack files are read from disk; download " + named + " first");
      }
      return Optional.of(terminal.folder().resolve(named));
    }
    return DEFAULT_FILES.stream()
        .map(name -> terminal.folder().resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private StackFile read(Path path, Terminal terminal) {
    Path shown = path.startsWith(terminal.folder()) ? terminal.folder().relativize(path) : path;
    StackFile stack =
        substitute.on()
            ? StackFile.read(path, terminal.environment())
            : StackFile.readVerbatim(path);
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
    if (filter.given() && regex.given()) {
      throw CliException.usage("--filter and --regex exclude each other");
    }
    if (filter.given()) {
      PathMatcher matcher =
          FileSystems.getDefault().getPathMatcher("glob:" + filter.value().orElseThrow());
      return name -> matcher.matches(Path.of(name));
    }
    if (regex.given()) {
      try {
        return Pattern.compile(regex.value().orElseThrow()).asPredicate();
      } catch (PatternSyntaxException e) {
        throw CliException.usage(
            "--regex: " + e.getDescription() + " in \"" + e.getPattern() + "\"");
      }
    }
    return _ -> true;
  }
}
