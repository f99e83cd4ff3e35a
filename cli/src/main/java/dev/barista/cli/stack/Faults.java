package dev.barista.cli.stack;

import dev.barista.api.Printable;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with one file, so that all of it is told at once. Not thread-safe. */
final class Faults {

  private final String file;

  // Mutable state
  private final List<String> faults = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /**
   * @param file as the user named it
   */
  Faults(String file) {
    this.file = file;
  }

  void add(int line, String sentence) {
    faults.add(at(line, sentence));
  }

  void notice(int line, String sentence) {
    notices.add(at(line, sentence));
  }

  /** {@code FIELD: "GIVEN" (expected: EXPECTED)}. */
  void unexpected(int line, String field, String given, String expected) {
    add(line, field + ": " + given + " (expected: " + expected + ")");
  }

  List<String> notices() {
    return List.copyOf(notices);
  }

  void throwIfAny() {
    if (!faults.isEmpty()) {
      throw new StackException(faults);
    }
  }

  /** Its keys may be a stranger's, as the file is where it comes from an address. */
  private String at(int line, String sentence) {
    return file + ":" + line + ": " + Printable.line(sentence);
  }
}
