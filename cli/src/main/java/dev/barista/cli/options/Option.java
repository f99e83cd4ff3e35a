package dev.barista.cli.options;

import static java.util.Objects.requireNonNull;

import dev.barista.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One option of a verb; holds what was given once the arguments are parsed. Not thread-safe. */
public abstract sealed class Option {

  private final List<String> names;
  private final String label;
  private final String description;

  private Option(String label, String description, List<String> names) {
    this.label = requireNonNull(label, "label");
    this.description = requireNonNull(description, "description");
    this.names = List.copyOf(names);
  }

  List<String> names() {
    return names;
  }

  /** What stands for its value in the help; empty when it takes none. */
  String label() {
    return label;
  }

  String description() {
    return description;
  }

  /** The last name, which is the long one. */
  String longName() {
    return names.getLast();
  }

  abstract void accept(String value);

  /** What may be its value. */
  Candidates candidates() {
    return switch (label) {
      case "FILE", "FOLDER", "PATH" -> Candidates.of(Candidates.Kind.FILES);
      case "TEMPLATE" -> Candidates.of(Candidates.Kind.TEMPLATES);
      case "FUNCTION" -> Candidates.of(Candidates.Kind.FUNCTIONS);
      default -> Candidates.of(Candidates.Kind.WORDS);
    };
  }

  /** On or off: {@code --name}, {@code --name=false}. */
  public static final class Flag extends Option {

    // Mutable state
    private boolean on;
    private boolean given;

    Flag(boolean onUnlessGiven, String description, List<String> names) {
      super("", description, names);
      this.on = onUnlessGiven;
    }

    public boolean on() {
      return on;
    }

    /** Whether the user said it either way. */
    public boolean given() {
      return given;
    }

    @Override
    void accept(String value) {
      given = true;
      on =
          switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "t" -> true;
            case "false", "0", "f" -> false;
            default ->
                throw CliException.usage(
                    longName() + ": \"" + value + "\" (expected: true or false)");
          };
    }
  }

  /** One value; the last one given counts. */
  public static final class Text extends Option {

    // Mutable state
    private @Nullable String value;

    Text(String label, String description, List<String> names) {
      super(label, description, names);
    }

    public Optional<String> value() {
      return Optional.ofNullable(value);
    }

    public boolean given() {
      return value != null;
    }

    @Override
    void accept(String given) {
      value = given;
    }
  }

  /** Any number of values. */
  public static final class Texts extends Option {

    // Mutable state
    private final List<String> values = new ArrayList<>();

    Texts(String label, String description, List<String> names) {
      super(label, description, names);
    }

    public boolean given() {
      return !values.isEmpty();
    }

    public List<String> values() {
      return List.copyOf(values);
    }

    @Override
    void accept(String given) {
      values.add(given);
    }
  }

  /** One of some words. */
  public static final class Choice extends Option {

    private final List<String> words;

    // Mutable state
    private String value;

    Choice(String unlessGiven, List<String> words, String description, List<String> names) {
      super(String.join("|", words), description, names);
      this.words = List.copyOf(words);
      this.value = unlessGiven;
    }

    public String value() {
      return value;
    }

    @Override
    Candidates candidates() {
      return new Candidates(words, Candidates.Kind.WORDS);
    }

    @Override
    void accept(String given) {
      if (!words.contains(given)) {
        throw CliException.usage(
            longName() + ": \"" + given + "\" (expected: " + String.join(", ", words) + ")");
      }
      value = given;
    }
  }

  /** A whole number. */
  public static final class Count extends Option {

    private final int least;
    private final int most;

    // Mutable state
    private int value;

    Count(int unlessGiven, int least, int most, String description, List<String> names) {
      super("N", description, names);
      this.value = unlessGiven;
      this.least = least;
      this.most = most;
    }

    public int value() {
      return value;
    }

    @Override
    void accept(String given) {
      try {
        value = Integer.parseInt(given);
        if (value >= least && value <= most) {
          return;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw CliException.usage(
          longName() + ": \"" + given + "\" (expected: " + least + " to " + most + ")");
    }
  }
}
