package dev.barista.cli;

import static java.util.Objects.requireNonNull;

/** Ends a verb with a sentence for the user and an exit code for the script. */
public final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CliException(int exitCode, String sentence) {
    super(requireNonNull(sentence, "sentence"));
    this.exitCode = exitCode;
  }

  /** What was asked for could not be done. */
  public static CliException failed(String sentence) {
    return new CliException(ExitCode.FAILED, sentence);
  }

  /** The command line itself is wrong: nothing was tried. */
  public static CliException usage(String sentence) {
    return new CliException(ExitCode.USAGE, sentence);
  }

  public int exitCode() {
    return exitCode;
  }
}
