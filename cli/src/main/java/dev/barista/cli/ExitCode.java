package dev.barista.cli;

/** What a script can rely on. */
public final class ExitCode {

  public static final int OK = 0;

  /** Tried, and not done: unreachable, refused, not found, function answered with an error. */
  public static final int FAILED = 1;

  /** Not tried: unknown verb or option, missing or impossible value. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
