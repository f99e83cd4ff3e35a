package dev.barista.cli.options;

import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.stack.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options and words that a verb takes, in the order of its help. Declared once, then parsed
 * once; not thread-safe.
 */
public final class OptionSet {

  /** Of a verb that takes nothing. Never parsed. */
  public static final OptionSet NONE = new OptionSet("", "", /* mostWords= */ 0);

  private static final int HELP_COLUMN = 34;
  private static final int HELP_WIDTH = 100;

  private final String usage;
  private final String summary;
  private final int mostWords;

  // Mutable state
  private final List<Option> options = new ArrayList<>();
  private final Map<String, Option> byName = new LinkedHashMap<>();
  private final List<String> words = new ArrayList<>();
  private int common;

  /**
   * @param usage verb and words, such as {@code invoke FUNCTION}
   * @param mostWords how many words that are no options it takes
   */
  public OptionSet(String usage, String summary, int mostWords) {
    this.usage = usage;
    this.summary = summary;
    this.mostWords = mostWords;
  }

  public Option.Flag flag(String description, String... names) {
    return add(new Option.Flag(/* onUnlessGiven= */ false, description, List.of(names)));
  }

  /** A flag that {@code --name=false} switches off. */
  public Option.Flag flagUnlessFalse(String description, String... names) {
    return add(new Option.Flag(/* onUnlessGiven= */ true, description, List.of(names)));
  }

  public Option.Text text(String label, String description, String... names) {
    return add(new Option.Text(label, description, List.of(names)));
  }

  public Option.Texts texts(String label, String description, String... names) {
    return add(new Option.Texts(label, description, List.of(names)));
  }

  /** The first of the words holds unless another is given. */
  public Option.Choice choice(List<String> words, String description, String... names) {
    return add(new Option.Choice(words.getFirst(), words, description, List.of(names)));
  }

  public Option.Count count(
      int unlessGiven, int least, int most, String description, String... names) {
    return add(new Option.Count(unlessGiven, least, most, description, List.of(names)));
  }

  /** Those declared so far are of many verbs: the help shows them last. */
  public void endOfCommon() {
    common = options.size();
  }

  private <T extends Option> T add(T option) {
    options.add(option);
    for (String name : option.names()) {
      if (byName.put(name, option) != null) {
        throw new IllegalStateException(usage + ": two options " + name);
      }
    }
    return option;
  }

  /** What was given besides options. */
  public List<String> words() {
    return List.copyOf(words);
  }

  /**
   * @throws CliException of usage for an unknown option, a missing or impossible value, a word too
   *     many
   */
  public void parse(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        words.addAll(arguments.subList(i + 1, arguments.size()));
        break;
      }
      if (!argument.startsWith("-") || argument.equals("-")) {
        words.add(argument);
      } else if (parseOption(argument, i + 1 < arguments.size() ? arguments.get(i + 1) : null)) {
        i++;
      }
    }
    if (words.size() > mostWords) {
      throw CliException.usage(
          "\"" + words.get(mostWords) + "\" is a word too many (expected: barista " + usage + ")");
    }
  }

  /** Whether the next argument was its value. */
  private boolean parseOption(String argument, @Nullable String next) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    Option option = byName.get(name);
    if (option == null) {
      parseShort(argument);
      return false;
    }
    if (equals >= 0) {
      option.accept(argument.substring(equals + 1));
      return false;
    }
    if (option instanceof Option.Flag flag) {
      flag.accept("true");
      return false;
    }
    if (next == null) {
      throw CliException.usage(name + ": no value (expected: " + option.label() + ")");
    }
    option.accept(next);
    return true;
  }

  /** {@code -fFILE}, or several flags as in {@code -vq}. */
  private void parseShort(String argument) {
    if (!argument.startsWith("--")) {
      for (int i = 1; i < argument.length(); i++) {
        Option option = byName.get("-" + argument.charAt(i));
        if (option == null) {
          break;
        }
        if (!(option instanceof Option.Flag)) {
          option.accept(argument.substring(i + 1));
          return;
        }
        option.accept("true");
        if (i == argument.length() - 1) {
          return;
        }
      }
    }
    throw CliException.usage(unknown(argument));
  }

  private String unknown(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    return "there is no option "
        + Printable.line(name)
        + Nearest.to(name, byName.keySet()).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /**
   * What may stand where the last argument is.
   *
   * @param before the arguments before it
   * @param typed its beginning
   */
  public Candidates complete(List<String> before, String typed) {
    Option last = before.isEmpty() ? null : byName.get(before.getLast());
    if (last != null && !(last instanceof Option.Flag)) {
      return last.candidates().startingWith(typed);
    }
    if (typed.startsWith("-")) {
      List<String> names = options.stream().map(Option::longName).toList();
      return new Candidates(names, Candidates.Kind.WORDS).startingWith(typed);
    }
    if (usage.contains("FUNCTION")) {
      return Candidates.of(Candidates.Kind.FUNCTIONS);
    }
    return usage.contains("SECRET")
        ? Candidates.of(Candidates.Kind.SECRETS)
        : Candidates.of(wordsOfUsage(), typed);
  }

  /** {@code completion bash|zsh|fish} lists its words. */
  private List<String> wordsOfUsage() {
    String[] parts = usage.split(" ");
    return parts.length > 1 && parts[1].contains("|") ? List.of(parts[1].split("\\|")) : List.of();
  }

  /** Text of {@code --help}. */
  public String help() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: barista ").append(usage).append(" [OPTIONS]\n");
    summary.lines().forEach(line -> appendWrapped(text, new StringBuilder(), 0, line));
    text.append('\n');
    options.subList(common, options.size()).forEach(option -> append(text, option));
    options.subList(0, common).forEach(option -> append(text, option));
    return text.toString();
  }

  private static void append(StringBuilder text, Option option) {
    StringBuilder line = new StringBuilder();
    boolean longOnly = option.names().getFirst().startsWith("--");
    line.append(longOnly ? "      " : "  ").append(String.join(", ", option.names()));
    if (!option.label().isEmpty()) {
      line.append(' ').append(option.label());
    }
    if (line.length() >= HELP_COLUMN) {
      text.append(line).append('\n');
      line.setLength(0);
    }
    line.repeat(' ', HELP_COLUMN - line.length());
    appendWrapped(text, line, HELP_COLUMN, option.description());
  }

  /**
   * @param line begun already
   * @param indent of further lines
   */
  private static void appendWrapped(
      StringBuilder text, StringBuilder line, int indent, String description) {
    boolean first = true;
    for (String word : description.split(" ")) {
      if (line.length() + 1 + word.length() > HELP_WIDTH) {
        text.append(line).append('\n');
        line.setLength(0);
        line.repeat(' ', indent);
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    text.append(line).append('\n');
  }
}
