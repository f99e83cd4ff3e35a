package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;

/** {@code barista publish}: build, then push. */
final class PublishCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final BuildOptions buildOptions = new BuildOptions(options);
  private final TagOption tag = new TagOption(options);
  private final Report report = Report.ofBuild(options);
  private final Option.Flag skipPush = options.flag("Build only.", "--skip-push");

  PublishCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "publish",
            "Build functions and push their images to the gateway, or to the registry that their"
                + " name begins with.",
            /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    Selection selection =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(f -> tag.apply(buildOptions.apply(f, terminal.folder()), terminal));
    int code = new Builds(terminal, buildOptions, report).run(selection, dataFolder());
    if (code != ExitCode.OK || skipPush.on() || buildOptions.shrinkwrap()) {
      return report.endWithList(terminal, code);
    }
    report.sentences(terminal).println();
    Pushes.push(
        selection.functions(),
        Math.max(Pushes.PARALLEL, buildOptions.parallel()),
        buildOptions.quiet(),
        gateway(selection.gateway()),
        terminal,
        dataFolder(),
        report);
    return report.endWithList(terminal, ExitCode.OK);
  }
}
