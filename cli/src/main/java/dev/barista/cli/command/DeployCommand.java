package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.push.Delivery;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.ImageReference;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code barista deploy}: the functions of a stack file, or one described by options. */
final class DeployCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final DeployOptions deployOptions = new DeployOptions(options);
  private final TagOption tag = new TagOption(options);
  private final Report report = Report.of(options);

  DeployCommand(Terminal terminal) {
    super(terminal, new OptionSet("deploy", "Deploy or update functions.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .map(f -> tag.apply(f, terminal));
    Gateway gateway = gateway(selection.gateway());
    if (!sharesStore(gateway)) {
      deliver(gateway, selection.functions());
    }
    int code =
        new Deployments(gateway, deployOptions.existing(), terminal, report)
            .run(selection.functions());
    return report.endWithList(terminal, code);
  }

  private void deliver(Gateway gateway, List<StackFunction> functions) throws IOException {
    Delivery delivery = new Delivery(gateway, report.talking(terminal), dataFolder());
    Set<ImageReference> here = delivery.images(functions);
    if (!here.isEmpty() && delivery.possible()) {
      delivery.bring(here, Pushes.PARALLEL, /* quiet= */ false);
    }
  }
}
