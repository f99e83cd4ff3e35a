package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code barista up}: build, then deploy. */
@Command(description = "Build functions and deploy them.", sortOptions = false)
final class UpCommand extends GatewayCommand {

  @Mixin private StackOptions stackOptions = new StackOptions();
  @Mixin private FunctionOptions functionOptions = new FunctionOptions();
  @Mixin private BuildOptions buildOptions = new BuildOptions();
  @Mixin private DeployOptions deployOptions = new DeployOptions();

  @Option(names = "--skip-deploy", description = "Build only.")
  private boolean skipDeploy;

  @Option(
      names = "--skip-push",
      description = "Accepted for scripts: on this machine nothing needs a push.")
  @SuppressWarnings("unused") // read by picocli
  private boolean skipPush;

  UpCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Selection selection = Selection.of(terminal, stackOptions, functionOptions);
    List<StackFunction> functions =
        selection.functions().stream()
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .map(f -> buildOptions.apply(f, terminal.folder()))
            .toList();
    Gateway gateway = gateway(selection.gateway());
    if (!skipDeploy) {
      requireLocal(gateway, functions);
    }
    StackBuilder builder =
        StackBuilder.of(dataFolder(), terminal.environment(), selection.projectFolder());
    int code =
        new Builds(builder, terminal, buildOptions.quiet()).run(functions, buildOptions.parallel());
    if (code != ExitCode.OK || skipDeploy) {
      return code;
    }
    out.println();
    return new Deployments(gateway, deployOptions.existing(), terminal).run(functions);
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
