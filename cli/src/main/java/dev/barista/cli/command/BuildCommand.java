package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;

/** {@code barista build}: images into the store of this machine, without a container engine. */
final class BuildCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final BuildOptions buildOptions = new BuildOptions(options);
  private final TagOption tag = new TagOption(options);
  private final Report report = Report.ofBuild(options);

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
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(function -> tag.apply(buildOptions.apply(function, terminal.folder()), terminal));
    int code = new Builds(terminal, buildOptions, report).run(selection, dataFolder());
    return report.endWithList(terminal, code);
  }
}
