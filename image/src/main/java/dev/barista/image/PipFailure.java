package dev.barista.image;

import java.util.List;
import java.util.Locale;

/** One sentence from what pip said last. */
final class PipFailure {

  static final String NO_PIP =
      "requirements.txt needs pip, which this Python doesn't have: install it (Debian: apt install"
          + " python3-pip)";

  private PipFailure() {}

  static String sentence(List<String> lines) {
    String reason =
        lines.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("error:"))
            .reduce((first, second) -> second)
            .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
    return "pip could not install requirements.txt: " + reason;
  }
}
