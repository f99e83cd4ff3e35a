package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;

/** {@code barista deploy}: the functions of a stack file, or one described by options. */
final class DeployCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final DeployOptions deployOptions = new DeployOptions(options);
  private final TagOption tag = new TagOption(options);

  DeployCommand(Terminal terminal) {
    super(terminal, new OptionSet("deploy", "Deploy or update functions.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .map(f -> tag.apply(f, terminal));
    return new Deployments(gateway(selection.gateway()), deployOptions.existing(), terminal)
        .run(selection.functions());
  }
}
