package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.Quantity;
import dev.barista.cli.CliException;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuildLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How functions are built. */
final class BuildOptions {

  private static final int MAX_PARALLEL = 16;
  private static final String MEMORY = "--build-memory";
  private static final String TIMEOUT = "--build-timeout";

  private final Option.Count parallel;
  private final Option.Texts buildArguments;
  private final Option.Texts buildOptions;
  private final Option.Texts copyExtra;
  private final Option.Flag noCache;
  private final Option.Flag shrinkwrap;
  private final Option.Flag noPull;
  private final Option.Flag quiet;
  private final Option.Text memory;
  private final Option.Text timeout;

  BuildOptions(OptionSet options) {
    this.parallel =
        options.count(
            1, 1, MAX_PARALLEL, "Build that many functions at once; 1 unless given.", "--parallel");
    this.buildArguments =
        options.texts(
            "NAME=VALUE",
            "For the tool that installs dependencies; may be repeated.",
            "-b",
            "--build-arg");
    this.buildOptions =
        options.texts(
            "NAME", "A build option of the template; may be repeated.", "-o", "--build-option");
    this.copyExtra =
        options.texts(
            "PATH", "File or folder to copy into the build; may be repeated.", "--copy-extra");
    this.noCache = options.flag("Build every layer again.", "--no-cache");
    this.shrinkwrap =
        options.flag("Write what would be built to build/NAME, and build nothing.", "--shrinkwrap");
    this.noPull =
        options.flag(
            "Don't fetch the templates that configuration.templates names.",
            "--disable-stack-pull");
    this.quiet = options.flag("Show results only.", "--quiet");
    options.flag(
        "No effect: no base image is here. For scripts of faas-cli.", "--pull", "--squash");
    this.memory =
        options.text(
            "SIZE", "Memory of all builds together, such as 4Gi; half of the host's.", MEMORY);
    this.timeout = options.text("TIME", "Longest run of a build tool, such as 20m; 10m.", TIMEOUT);
  }

  /** The options win over variables of the environment. */
  BuildLimits limits(Map<String, String> environment) {
    return new BuildLimits(
        given(MEMORY, memory, environment, "BARISTA_BUILD_MEMORY")
            .map(BuildOptions::bytes)
            .orElseGet(BuildLimits::halfOfMemory),
        given(TIMEOUT, timeout, environment, "BARISTA_BUILD_TIMEOUT")
            .map(BuildOptions::time)
            .orElse(BuildLimits.TIME));
  }

  /**
   * @param source option or variable, for messages
   */
  private record Given(String source, String text) {}

  private static Optional<Given> given(
      String name, Option.Text option, Map<String, String> environment, String variable) {
    return option
        .value()
        .map(text -> new Given(name, text))
        .or(
            () ->
                Optional.ofNullable(environment.get(variable))
                    .map(text -> new Given(variable, text)))
        .filter(given -> !given.text().isBlank());
  }

  private static long bytes(Given given) {
    try {
      return Quantity.memoryBytes(given.source(), given.text());
    } catch (FaasException e) {
      throw CliException.usage(e.getMessage());
    }
  }

  private static Duration time(Given given) {
    Duration time = Durations.parse(given.source(), given.text());
    if (!time.isPositive()) {
      throw CliException.usage(
          given.source() + ": \"" + given.text() + "\" (expected: more than 0, such as 20m)");
    }
    return time;
  }

  boolean quiet() {
    return quiet.on();
  }

  boolean reusesLayers() {
    return !noCache.on();
  }

  boolean shrinkwrap() {
    return shrinkwrap.on();
  }

  boolean pullsTemplates() {
    return !noPull.on();
  }

  int parallel() {
    return parallel.value();
  }

  /** The function with the options on top. */
  StackFunction apply(StackFunction function, Path folder) {
    List<String> options = new ArrayList<>(function.buildOptions());
    options.addAll(buildOptions.values());
    List<Path> copy = new ArrayList<>(function.copy());
    copyExtra.values().forEach(path -> copy.add(folder.resolve(path).normalize()));
    return new StackFunction(
        function.name(),
        function.folder(),
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
        KeyValues.over(function.buildArguments(), "--build-arg", buildArguments.values()),
        copy);
  }
}
