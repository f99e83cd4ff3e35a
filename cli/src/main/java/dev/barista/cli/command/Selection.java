package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The functions that a verb works on.
 *
 * @param projectFolder where relative paths start and templates are looked for
 * @param gateway that of the stack file
 */
record Selection(List<StackFunction> functions, Path projectFolder, Optional<String> gateway) {

  /** The function described on the command line, else those of the stack file. */
  static Selection of(Terminal terminal, StackOptions stack, FunctionOptions single) {
    if (single.given() && !stack.named()) {
      return new Selection(List.of(single.function(terminal)), terminal.folder(), Optional.empty());
    }
    if (single.given()) {
      throw CliException.usage(
          "-f and --name, --image, --lang, --handler exclude each other; --filter chooses functions"
              + " of a file");
    }
    StackFile file = stack.require(terminal);
    Path folder = Optional.ofNullable(file.file().getParent()).orElse(terminal.folder());
    return new Selection(file.functions(), folder, file.gateway());
  }
}
