package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code barista deploy}: the functions of a stack file, or one described by options. */
@Command(description = "Deploy or update functions.", sortOptions = false)
final class DeployCommand extends GatewayCommand {

  @Mixin private StackOptions stackOptions = new StackOptions();
  @Mixin private FunctionOptions functionOptions = new FunctionOptions();
  @Mixin private DeployOptions deployOptions = new DeployOptions();

  DeployCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Selection selection = Selection.of(terminal, stackOptions, functionOptions);
    List<StackFunction> functions =
        selection.functions().stream()
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .toList();
    return new Deployments(gateway(selection.gateway()), deployOptions.existing(), terminal)
        .run(functions);
  }
}
