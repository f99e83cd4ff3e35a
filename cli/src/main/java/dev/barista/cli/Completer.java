package dev.barista.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.cli.options.Candidates;
import dev.barista.image.Templates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Answers the completion scripts of shells: {@code barista complete -- WORD …} prints what the last
 * word may become, a line each. It is the command line itself that answers, so a script never falls
 * behind it. Exit code {@link #FILES} leaves the names of files to the shell. Never fails aloud: a
 * shell would print it into the line being typed.
 */
final class Completer {

  static final String VERB = "complete";

  /** The shell's own completion of files fits here. */
  static final int FILES = 3;

  private final List<Verb> verbs;

  Completer(List<Verb> verbs) {
    this.verbs = verbs;
  }

  int run(Terminal terminal, List<String> arguments) {
    List<String> words =
        !arguments.isEmpty() && arguments.getFirst().equals("--")
            ? arguments.subList(1, arguments.size())
            : arguments;
    if (words.size() <= 1) {
      String typed = words.isEmpty() ? "" : words.getFirst();
      names().filter(name -> name.startsWith(typed)).forEach(terminal.out()::println);
      return ExitCode.OK;
    }
    if (words.getFirst().equals("help")) {
      names().filter(name -> name.startsWith(words.getLast())).forEach(terminal.out()::println);
      return ExitCode.OK;
    }
    return verbs.stream()
        .filter(verb -> verb.named(words.getFirst()))
        .findFirst()
        .map(verb -> complete(verb, terminal, words.subList(1, words.size())))
        .orElse(FILES);
  }

  private Stream<String> names() {
    return Stream.concat(
        verbs.stream().filter(verb -> verb.group() != Verb.Group.INTERNAL).map(Verb::name),
        Stream.of("help"));
  }

  private int complete(Verb verb, Terminal terminal, List<String> words) {
    Optional<Verb> subverb = words.size() > 1 ? verb.subverb(words) : Optional.empty();
    if (subverb.isPresent()) {
      return complete(subverb.get(), terminal, words.subList(1, words.size()));
    }
    String typed = words.getLast();
    List<String> subverbs =
        words.size() > 1 ? List.of() : verb.subverbs().stream().map(Verb::word).toList();
    Candidates candidates =
        verb.options().apply(terminal).complete(words.subList(0, words.size() - 1), typed);
    List<String> found =
        switch (candidates.kind()) {
          case WORDS -> candidates.words();
          case TEMPLATES -> templates(terminal);
          case FUNCTIONS -> names(terminal, "list", "-q");
          case SECRETS -> names(terminal, "secret", "list", "-q");
          case FILES -> List.of();
        };
    Stream.concat(subverbs.stream(), found.stream())
        .distinct()
        .filter(word -> word.startsWith(typed))
        .forEach(terminal.out()::println);
    boolean files = candidates.kind() == Candidates.Kind.FILES && subverbs.isEmpty();
    return files ? FILES : ExitCode.OK;
  }

  private static List<String> templates(Terminal terminal) {
    try {
      return new ArrayList<>(new Templates(terminal.folder()).names());
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Of the gateway that verbs would talk to; none when it doesn't answer. */
  private List<String> names(Terminal terminal, String... command) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    Terminal silent =
        new Terminal(
            terminal.in(),
            new PrintStream(names, true, UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
            terminal.environment(),
            terminal.folder());
    int code = new VerbTable(verbs).run(silent, command);
    return code == ExitCode.OK ? names.toString(UTF_8).lines().toList() : List.of();
  }
}
