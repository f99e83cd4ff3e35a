package dev.barista.cli;

import static java.util.Objects.requireNonNull;

import dev.barista.cli.options.OptionSet;
import java.util.List;
import java.util.function.Function;

/**
 * One word of the command line.
 *
 * @param aliases other names for it
 * @param summary one line of the grouped help
 * @param options those it takes, for the completion of shells
 */
public record Verb(
    String name,
    List<String> aliases,
    Group group,
    String summary,
    Action action,
    Function<Terminal, OptionSet> options) {

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
  }

  boolean named(String word) {
    return name.equals(word) || aliases.contains(word);
  }
}
