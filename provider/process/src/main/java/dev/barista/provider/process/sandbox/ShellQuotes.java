package dev.barista.provider.process.sandbox;

/** Text as one word of a POSIX shell. */
public final class ShellQuotes {

  private ShellQuotes() {}

  /** In quotes in which nothing has a meaning; a quote itself is written outside of them. */
  public static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
