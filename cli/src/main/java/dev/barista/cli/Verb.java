package dev.barista.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * One word of the command line.
 *
 * @param aliases other names for it
 * @param summary one line of the grouped help
 * @param command makes the picocli command that is filled from the arguments and then called; its
 *     answer is the exit code. Made only when its verb is asked for: reading the annotations of all
 *     verbs would cost every one of them start-up time
 */
public record Verb(
    String name,
    List<String> aliases,
    Group group,
    String summary,
    Function<Terminal, ? extends Callable<Integer>> command) {

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
    requireNonNull(command, "command");
  }

  boolean named(String word) {
    return name.equals(word) || aliases.contains(word);
  }
}
