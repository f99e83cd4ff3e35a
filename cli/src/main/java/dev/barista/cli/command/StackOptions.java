package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.http.HttpClient;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which stack files, and which of their functions. */
final class StackOptions {

  private static final List<String> DEFAULT_FILES = List.of("stack.yaml", "stack.yml");

  private final Option.Texts files;
  private final Option.Flag substitute;
  private final Option.Text filter;
  private final Option.Text regex;

  StackOptions(OptionSet options) {
    this.files =
        options.texts(
            "FILE",
            "Stack file, or its address; may be repeated. Else stack.yaml or stack.yml of this"
                + " folder.",
            "-f",
            "--yaml");
    this.substitute =
        options.flagUnlessFalse(
            "Replace ${NAME} in the file by the environment; true unless given. In a file of the"
                + " net only when given.",
            "--envsubst");
    this.filter =
        options.text("GLOB", "Only functions whose name matches, such as 'api-*'.", "--filter");
    this.regex = options.text("REGEX", "Only functions whose name contains a match.", "--regex");
  }

  /** Whether a file is named by the user. */
  boolean named() {
    return files.given();
  }

  /** The files named, or the default one if it is there. */
  Optional<StackFile> find(Terminal terminal) {
    List<StackFile> found =
        files.given()
            ? files.values().stream().map(name -> read(name, terminal)).toList()
            : DEFAULT_FILES.stream()
                .filter(name -> Files.isRegularFile(terminal.folder().resolve(name)))
                .limit(1)
                .map(name -> read(name, terminal))
                .toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(selected(StackFile.join(found), terminal));
  }

  /** A file is needed here. */
  StackFile require(Terminal terminal) {
    return find(terminal)
        .orElseThrow(
            () ->
                CliException.usage(
                    "There is no stack.yml here (expected: -f FILE, or the name of a function)."));
  }

  private StackFile read(String name, Terminal terminal) {
    if (name.startsWith("http://") || name.startsWith("https://")) {
      return fetch(name, terminal);
    }
    Path path = terminal.folder().resolve(name);
    return substitute.on()
        ? StackFile.read(path, terminal.environment())
        : StackFile.readVerbatim(path);
  }

  /**
   * A stranger's file gets nothing of the user's environment, which may hold passwords, unless the
   * user says so.
   */
  private StackFile fetch(String address, Terminal terminal) {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      throw CliException.usage("-f: \"" + address + "\" (expected: an address or a file)");
    }
    HttpClient client = new HttpClient(/* verifyTls= */ true);
    if (!substitute.on()) {
      return StackFile.fetchVerbatim(uri, terminal.folder(), client);
    }
    if (substitute.given()) {
      return StackFile.fetch(uri, terminal.folder(), client, terminal.environment());
    }
    return StackFile.fetch(uri, terminal.folder(), client, Map.of());
  }

  private StackFile selected(StackFile stack, Terminal terminal) {
    stack.notices().forEach(terminal.err()::println);
    StackFile selected = stack.select(selection());
    if (selected.functions().isEmpty()) {
      String names =
          String.join(", ", stack.functions().stream().map(StackFunction::name).toList());
      throw CliException.failed(
          shown(stack, terminal) + ": no function matches (it has: " + names + ")");
    }
    return selected;
  }

  private static String shown(StackFile stack, Terminal terminal) {
    return stack.name().replace(terminal.folder() + "/", "");
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
