package dev.barista.cli;

import static java.util.Objects.requireNonNull;

import dev.barista.cli.options.OptionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One word of the command line.
 *
 * @param name the word; of a subverb the verb's name before it, as in {@code secret create}
 * @param aliases other names for it
 * @param summary one line of the grouped help
 * @param options those it takes, for the completion of shells
 * @param subverbs each runs in its stead when its word comes first
 */
public record Verb(
    String name,
    List<String> aliases,
    Group group,
    String summary,
    Action action,
    Function<Terminal, OptionSet> options,
    List<Verb> subverbs) {

  /** What a verb does. */
  @FunctionalInterface
  public interface Action {

    /**
     * @param arguments those after the verb; {@code --help} is among them when help is asked for
     * @return exit code of the process, see {@link ExitCode}
     * @throws Exception with a sentence for the user, such as {@link CliException}; one that isn't
     *     meant for users is told as a bug
     */
    int run(Terminal terminal, List<String> arguments) throws Exception;
  }

  /** A heading of the help. */
  public enum Group {
    WRITE("Write and deploy functions"),
    USE("Use functions"),
    PLATFORM("Platform"),
    /** Not shown: for the launcher and for replicas. */
    INTERNAL("");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    String heading() {
      return heading;
    }
  }

  public Verb {
    requireNonNull(name, "name");
    aliases = List.copyOf(aliases);
    requireNonNull(group, "group");
    requireNonNull(summary, "summary");
    requireNonNull(action, "action");
    requireNonNull(options, "options");
    subverbs = List.copyOf(subverbs);
  }

  /** Without subverbs. */
  public Verb(
      String name,
      List<String> aliases,
      Group group,
      String summary,
      Action action,
      Function<Terminal, OptionSet> options) {
    this(name, aliases, group, summary, action, options, List.of());
  }

  /** With one more subverb. */
  public Verb with(Verb subverb) {
    List<Verb> more = new ArrayList<>(subverbs);
    more.add(subverb);
    return new Verb(name, aliases, group, summary, action, options, more);
  }

  boolean named(String word) {
    return word().equals(word) || aliases.contains(word);
  }

  /** What is typed for it. */
  String word() {
    return name.substring(name.lastIndexOf(' ') + 1);
  }

  /** The subverb that {@code arguments} begin with. */
  Optional<Verb> subverb(List<String> arguments) {
    return arguments.isEmpty()
        ? Optional.empty()
        : subverbs.stream().filter(verb -> verb.named(arguments.getFirst())).findFirst();
  }
}
