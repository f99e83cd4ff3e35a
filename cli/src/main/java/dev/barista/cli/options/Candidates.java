package dev.barista.cli.options;

import java.util.List;

/**
 * What may stand at a place of the command line.
 *
 * @param words to choose from; empty unless the kind is {@link Kind#WORDS}
 */
public record Candidates(List<String> words, Kind kind) {

  /** What stands there. */
  public enum Kind {
    WORDS,
    FILES,
    FUNCTIONS,
    SECRETS,
    TEMPLATES
  }

  public Candidates {
    words = List.copyOf(words);
  }

  static Candidates of(Kind kind) {
    return new Candidates(List.of(), kind);
  }

  /** Words, or files when there are none. */
  static Candidates of(List<String> words, String typed) {
    return words.isEmpty() ? of(Kind.FILES) : new Candidates(words, Kind.WORDS).startingWith(typed);
  }

  /** Those that go on from what is typed. */
  public Candidates startingWith(String typed) {
    return new Candidates(words.stream().filter(word -> word.startsWith(typed)).toList(), kind);
  }
}
