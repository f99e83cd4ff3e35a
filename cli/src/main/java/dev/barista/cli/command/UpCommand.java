package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
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

  private final Option.Flag skipDeploy = options.flag("Build only.", "--skip-deploy");

  UpCommand(Terminal terminal) {
    super(terminal, new OptionSet("up", "Build functions and deploy them.", /* mostWords= */ 0));
    options.flag("Accepted for scripts: on this machine nothing needs a push.", "--skip-push");
  }

  @Override
  int run() throws IOException {
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .map(f -> tag.apply(buildOptions.apply(f, terminal.folder()), terminal));
    Gateway gateway = gateway(selection.gateway());
    if (!skipDeploy.on()) {
      requireLocal(gateway, selection.functions());
    }
    int code = new Builds(terminal, buildOptions).run(selection, dataFolder());
    if (code != ExitCode.OK || skipDeploy.on() || buildOptions.shrinkwrap()) {
      return code;
    }
    out.println();
    return new Deployments(gateway, deployOptions.existing(), terminal).run(selection.functions());
  }

  /** Told before the build rather than after it. */
  private static void requireLocal(Gateway gateway, List<StackFunction> functions) {
    if (!gateway.url().loopback() && functions.stream().anyMatch(StackFunction::buildable)) {
      throw CliException.failed(
          "The gateway at "
              + gateway.url()
              + " is another machine, which can't see images built here. Run barista up there, or"
              + " build here with --skip-deploy, push the image to a registry, and use barista"
              + " deploy.");
    }
  }
}
