package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** One run of a verb: its options, its help, its work. */
abstract class ClientCommand {

  final Terminal terminal;
  final PrintStream out;
  final PrintStream err;
  final OptionSet options;

  private final Option.Flag help;

  ClientCommand(Terminal terminal, OptionSet options) {
    this.terminal = terminal;
    this.out = terminal.out();
    this.err = terminal.err();
    this.options = options;
    this.help = options.flag("Show this help.", "-h", "--help");
    options.endOfCommon();
  }

  /** Reads the arguments, then shows the help or does the work. */
  final int run(List<String> arguments) throws IOException {
    options.parse(arguments);
    if (help.on()) {
      out.print(options.help());
      return ExitCode.OK;
    }
    return run();
  }

  /**
   * @return {@link ExitCode}
   */
  abstract int run() throws IOException;
}
