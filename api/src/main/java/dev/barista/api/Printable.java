package dev.barista.api;

import java.util.stream.Collectors;

/**
 * Text from outside as a terminal may show it. What a client, a registry, a stack file or a
 * function says can hold escape sequences, which move the cursor, hide what was printed or rename
 * the window of whoever reads it, and line breaks, which make lines of a log that nobody wrote.
 * Sentences, tables and logs therefore show such text through one of these.
 */
public final class Printable {

  private static final int HEAD = 100;

  private Printable() {}

  /** On one line: each control character, tabs and line breaks too, becomes a question mark. */
  public static String line(String text) {
    return replaced(text, /* tabs= */ false);
  }

  /** The same for what a function printed, whose tabs make columns. */
  public static String lineWithTabs(String text) {
    return replaced(text, /* tabs= */ true);
  }

  /** The same for a text of several lines, which stay lines. */
  public static String lines(String text) {
    return text.lines().map(Printable::lineWithTabs).collect(Collectors.joining("\n"));
  }

  /** Its first 100 characters on one line, and an ellipsis where there are more. */
  public static String head(String text) {
    return line(text.length() > HEAD ? text.substring(0, HEAD) + "…" : text);
  }

  /** The same between quotation marks, for sentences that say what was given. */
  public static String quoted(String text) {
    return '"' + head(text) + '"';
  }

  private static String replaced(String text, boolean tabs) {
    StringBuilder shown = new StringBuilder(text);
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (Character.isISOControl(c) && !(tabs && c == '\t')) {
        shown.setCharAt(i, '?');
      }
    }
    return shown.toString();
  }
}
