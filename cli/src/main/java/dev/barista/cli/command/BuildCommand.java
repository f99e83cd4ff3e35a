package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code barista build}: images into the store of this machine, without a container engine. */
@Command(
    description = "Build functions to images, into the image store of this machine.",
    sortOptions = false)
final class BuildCommand extends GatewayCommand {

  @Mixin private StackOptions stackOptions = new StackOptions();
  @Mixin private FunctionOptions functionOptions = new FunctionOptions();
  @Mixin private BuildOptions buildOptions = new BuildOptions();

  BuildCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Selection selection = Selection.of(terminal, stackOptions, functionOptions);
    List<StackFunction> functions =
        selection.functions().stream()
            .map(function -> buildOptions.apply(function, terminal.folder()))
            .toList();
    StackBuilder builder =
        StackBuilder.of(dataFolder(), terminal.environment(), selection.projectFolder());
    return new Builds(builder, terminal, buildOptions.quiet())
        .run(functions, buildOptions.parallel());
  }
}
