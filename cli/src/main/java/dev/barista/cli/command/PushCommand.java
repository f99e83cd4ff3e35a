package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code barista push}: images of this machine to the gateway, or to the registry they name. */
final class PushCommand extends GatewayCommand {

  private static final int MOST_PARALLEL = 16;

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final TagOption tag = new TagOption(options);
  private final Option.Count parallel =
      options.count(
          Pushes.PARALLEL,
          1,
          MOST_PARALLEL,
          "Send that many layers at once; 3 unless given.",
          "--parallel");
  private final Report report = Report.of(options);
  private final Option.Flag quiet = options.flag("Show results only.", "--quiet");

  PushCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "push",
            "Push images of functions to the gateway, or to the registry that their name begins"
                + " with. IMAGE is one by name.",
            /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    if (!options.words().isEmpty()) {
      StackFunction one = functionOptions.ofImage(options.words().getFirst(), terminal.folder());
      return push(List.of(one), Optional.empty());
    }
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions).map(f -> tag.apply(f, terminal));
    return push(selection.functions(), selection.gateway());
  }

  private int push(List<StackFunction> functions, Optional<String> stackGateway)
      throws IOException {
    Pushes.push(
        functions,
        parallel.value(),
        quiet.on(),
        gateway(stackGateway),
        terminal,
        dataFolder(),
        report);
    return report.endWithList(terminal, ExitCode.OK);
  }
}
