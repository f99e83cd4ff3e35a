package dev.barista.cli;

import dev.barista.api.FaasException;
import dev.barista.api.Printable;
import dev.barista.cli.stack.Nearest;
import dev.barista.cli.stack.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The root of the command line: finds the verb, runs it, turns every failure into one sentence on
 * standard error and an {@link ExitCode}.
 */
public final class VerbTable {

  private static final int NAMES_WIDTH = 20;

  private final List<Verb> verbs;

  public VerbTable(List<Verb> verbs) {
    this.verbs = List.copyOf(verbs);
  }

  /** Never throws; the answer is the process's exit code. */
  public int run(Terminal terminal, String... arguments) {
    if (arguments.length == 0) {
      terminal.out().print(help());
      return ExitCode.OK;
    }
    String word = arguments[0];
    if (word.equals("help") || word.equals("-h") || word.equals("--help")) {
      return help(terminal, arguments);
    }
    if (word.equals(Completer.VERB)) {
      return new Completer(verbs)
          .run(terminal, Arrays.asList(arguments).subList(1, arguments.length));
    }
    String name = word.equals("--version") || word.equals("-V") ? "version" : word;
    Optional<Verb> verb = find(name);
    if (verb.isEmpty()) {
      terminal.err().println("barista: " + unknown(name));
      return ExitCode.USAGE;
    }
    return run(verb.get(), terminal, Arrays.asList(arguments).subList(1, arguments.length));
  }

  private int help(Terminal terminal, String... arguments) {
    if (arguments.length == 1 || arguments[1].startsWith("-")) {
      terminal.out().print(help());
      return ExitCode.OK;
    }
    List<String> words = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
    words.add("--help");
    return run(terminal, words.toArray(String[]::new));
  }

  private static int run(Verb verb, Terminal terminal, List<String> arguments) {
    Optional<Verb> subverb = verb.subverb(arguments);
    if (subverb.isPresent()) {
      return run(subverb.get(), terminal, arguments.subList(1, arguments.size()));
    }
    int code;
    try {
      code = verb.action().run(terminal, arguments);
    } catch (Exception e) {
      code = fault(e, verb, terminal);
    }
    boolean readerGone = terminal.out().checkError(); // flushes too
    return readerGone && code == ExitCode.OK ? ExitCode.FAILED : code;
  }

  private static int fault(Exception fault, Verb verb, Terminal terminal) {
    terminal.out().flush();
    switch (fault) {
      case CliException known when known.exitCode() == ExitCode.USAGE -> {
        terminal.err().println("barista " + verb.name() + ": " + known.getMessage());
        terminal.err().println("See: barista " + verb.name() + " --help");
        return ExitCode.USAGE;
      }
      case CliException known -> {
        terminal.err().println(known.getMessage());
        return known.exitCode();
      }
      case StackException known -> terminal.err().println(known.getMessage());
      case FaasException known -> terminal.err().println(known.getMessage());
      case IOException broken ->
          terminal.err().println("barista " + verb.name() + ": " + firstLine(broken));
      case UncheckedIOException broken ->
          terminal.err().println("barista " + verb.name() + ": " + firstLine(broken));
      default -> {
        terminal.err().println("barista " + verb.name() + ": this is a bug of Barista:");
        fault.printStackTrace(terminal.err());
      }
    }
    return ExitCode.FAILED;
  }

  private Optional<Verb> find(String word) {
    return verbs.stream().filter(verb -> verb.named(word)).findFirst();
  }

  private String unknown(String word) {
    List<String> names = new ArrayList<>();
    for (Verb verb : verbs) {
      if (verb.group() != Verb.Group.INTERNAL) {
        names.add(verb.name());
        names.addAll(verb.aliases());
      }
    }
    String known = "there is no command \"" + Printable.line(word) + "\"";
    return Nearest.to(word, names)
        .map(near -> known + "; did you mean \"barista " + near + "\"?")
        .orElse(known + "; \"barista help\" lists them");
  }

  private String help() {
    StringBuilder text = new StringBuilder("Usage: barista COMMAND [OPTIONS]\n");
    for (Verb.Group group : Verb.Group.values()) {
      List<Verb> shown = verbs.stream().filter(verb -> verb.group() == group).toList();
      if (group == Verb.Group.INTERNAL || shown.isEmpty()) {
        continue;
      }
      text.append('\n').append(group.heading()).append(":\n");
      for (Verb verb : shown) {
        String aliases = verb.aliases().isEmpty() ? "" : ", " + String.join(", ", verb.aliases());
        String names = verb.name() + aliases;
        text.append("  ").append(names).repeat(' ', Math.max(1, NAMES_WIDTH - names.length()));
        text.append(verb.summary()).append('\n');
      }
    }
    return text.append("\n\"barista help COMMAND\" shows the options of one.\n").toString();
  }

  private static String firstLine(Exception fault) {
    return String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
  }
}
