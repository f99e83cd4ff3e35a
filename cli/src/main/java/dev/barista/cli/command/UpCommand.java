package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.push.Delivery;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;

/** {@code barista up}: build, then deploy. */
final class UpCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final BuildOptions buildOptions = new BuildOptions(options);
  private final DeployOptions deployOptions = new DeployOptions(options);
  private final TagOption tag = new TagOption(options);
  private final Report report = Report.ofBuild(options);

  private final Option.Flag skipPush;
  private final Option.Flag skipDeploy = options.flag("Build only.", "--skip-deploy");

  UpCommand(Terminal terminal) {
    super(terminal, new OptionSet("up", "Build functions and deploy them.", /* mostWords= */ 0));
    this.skipPush =
        options.flag("Don't push to a gateway that has another image store.", "--skip-push");
  }

  @Override
  int run() throws IOException {
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .map(f -> tag.apply(buildOptions.apply(f, terminal.folder()), terminal));
    Gateway gateway = gateway(selection.gateway());
    List<StackFunction> functions = selection.functions();
    Delivery delivery = new Delivery(gateway, report.talking(terminal), dataFolder());
    boolean push = needsPush(gateway, functions) && delivery.possible();
    int code = new Builds(terminal, buildOptions, report).run(selection, dataFolder());
    if (code != ExitCode.OK || skipDeploy.on() || buildOptions.shrinkwrap()) {
      return report.endWithList(terminal, code);
    }
    report.sentences(terminal).println();
    if (push) {
      delivery.bring(delivery.images(functions), Pushes.PARALLEL, buildOptions.quiet());
    }
    int deployed =
        new Deployments(gateway, deployOptions.existing(), terminal, report).run(functions);
    return report.endWithList(terminal, deployed);
  }

  private boolean needsPush(Gateway gateway, List<StackFunction> functions) {
    return !skipDeploy.on()
        && !skipPush.on()
        && !buildOptions.shrinkwrap()
        && !sharesStore(gateway)
        && functions.stream().anyMatch(StackFunction::buildable);
  }
}
