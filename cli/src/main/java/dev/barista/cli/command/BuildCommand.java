package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.util.List;

/** {@code barista build}: images into the store of this machine, without a container engine. */
final class BuildCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final BuildOptions buildOptions = new BuildOptions(options);

  BuildCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "build",
            "Build functions to images, into the image store of this machine.",
            /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
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
