package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;

/** {@code barista deploy}: the functions of a stack file, or one described by options. */
final class DeployCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final DeployOptions deployOptions = new DeployOptions(options);

  DeployCommand(Terminal terminal) {
    super(terminal, new OptionSet("deploy", "Deploy or update functions.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    Selection selection = Selection.of(terminal, stackOptions, functionOptions);
    List<StackFunction> functions =
        selection.functions().stream()
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .toList();
    return new Deployments(gateway(selection.gateway()), deployOptions.existing(), terminal)
        .run(functions);
  }
}
