package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import dev.barista.cli.stack.TemplateSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The functions that a verb works on.
 *
 * @param gateway that of the stack file
 * @param templates what the stack file says about where templates are
 */
record Selection(
    List<StackFunction> functions, Optional<String> gateway, List<TemplateSource> templates) {

  /** The function described on the command line, else those of the stack file. */
  static Selection of(Terminal terminal, StackOptions stack, FunctionOptions single) {
    if (single.given() && !stack.named()) {
      return new Selection(List.of(single.function(terminal)), Optional.empty(), List.of());
    }
    if (single.given()) {
      throw CliException.usage(
          "-f and --name, --image, --lang, --handler exclude each other; --filter chooses functions"
              + " of a file");
    }
    StackFile file = stack.require(terminal);
    return new Selection(file.functions(), file.gateway(), file.templates());
  }

  /** With each function changed. */
  Selection map(UnaryOperator<StackFunction> change) {
    return new Selection(functions.stream().map(change).toList(), gateway, templates);
  }
}
