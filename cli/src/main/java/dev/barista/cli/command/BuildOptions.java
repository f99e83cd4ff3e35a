package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.stack.StackFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How functions are built. */
final class BuildOptions {

  private static final int MAX_PARALLEL = 16;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Build that many functions at once; 1 unless given.")
  private int parallel = 1;

  @Option(
      names = {"-b", "--build-arg"},
      paramLabel = "NAME=VALUE",
      description = "For the tool that installs dependencies; may be repeated.")
  private List<String> buildArguments = new ArrayList<>();

  @Option(
      names = {"-o", "--build-option"},
      paramLabel = "NAME",
      description = "A build option of the template; may be repeated.")
  private List<String> buildOptions = new ArrayList<>();

  @Option(
      names = "--copy-extra",
      paramLabel = "PATH",
      description = "File or folder to copy into the build; may be repeated.")
  private List<String> copyExtra = new ArrayList<>();

  @Option(names = "--quiet", description = "Show results only.")
  private boolean quiet;

  boolean quiet() {
    return quiet;
  }

  int parallel() {
    if (parallel < 1 || parallel > MAX_PARALLEL) {
      throw CliException.usage(
          "--parallel: " + parallel + " (expected: 1 to " + MAX_PARALLEL + ")");
    }
    return parallel;
  }

  /** The function with the options on top. */
  StackFunction apply(StackFunction function, Path folder) {
    List<String> options = new ArrayList<>(function.buildOptions());
    options.addAll(buildOptions);
    List<Path> copy = new ArrayList<>(function.copy());
    copyExtra.forEach(path -> copy.add(folder.resolve(path).normalize()));
    return new StackFunction(
        function.name(),
        function.namespace(),
        function.language(),
        function.handler(),
        function.image(),
        function.process(),
        function.environment(),
        function.constraints(),
        function.secrets(),
        function.labels(),
        function.annotations(),
        function.limits(),
        function.requests(),
        function.readOnlyRootFilesystem(),
        function.skipBuild(),
        options,
        KeyValues.over(function.buildArguments(), "--build-arg", buildArguments),
        copy);
  }
}
