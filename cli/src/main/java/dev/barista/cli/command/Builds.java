package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.build.Shrinkwrap;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.build.StackBuilds;
import dev.barista.cli.build.StackBuilds.Outcome;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuildLimits;
import dev.barista.image.BuiltImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Builds several functions, telling what each worker does in faas-cli's words. */
final class Builds implements StackBuilds.Listener {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Terminal terminal;
  private final BuildOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final Report report;

  Builds(Terminal terminal, BuildOptions options, Report report) {
    this.terminal = report.talking(terminal);
    this.options = options;
    this.out = report.sentences(terminal);
    this.err = terminal.err();
    this.report = report;
  }

  /**
   * Fetches missing templates, then builds, or only writes what would be built.
   *
   * @param dataFolder has the image store
   * @return {@link ExitCode}
   */
  int run(Selection selection, Path dataFolder) throws IOException {
    if (options.pullsTemplates()) {
      new TemplatePulls(terminal).pullMissing(selection);
    }
    if (options.shrinkwrap()) {
      return shrinkwrap(selection.functions());
    }
    BuildLimits limits = options.limits(terminal.environment());
    try (var builder = StackBuilder.of(dataFolder, terminal.environment(), limits)) {
      return build(builder, selection.functions(), options.parallel());
    }
  }

  private int shrinkwrap(List<StackFunction> functions) throws IOException {
    for (StackFunction function : functions) {
      if (function.buildable()) {
        Path folder = Shrinkwrap.write(function);
        out.println(function.name() + " shrink-wrapped to " + terminal.shown(folder));
        report.add(
            "name", function.name(), "outcome", "shrinkwrapped", "folder", folder.toString());
      }
    }
    return ExitCode.OK;
  }

  private int build(StackBuilder builder, List<StackFunction> functions, int workers) {
    long start = System.nanoTime();
    List<StackBuilds.Result> results;
    try {
      results = new StackBuilds(builder, options.reusesLayers(), this).run(functions, workers);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while building", e);
    }
    results.forEach(this::add);
    for (int worker = 0; worker < Math.min(workers, functions.size()); worker++) {
      out.println("[" + worker + "] Worker done.");
    }
    out.println();
    out.println("Total build time: " + seconds(Duration.ofNanos(System.nanoTime() - start)));
    return results.stream().anyMatch(result -> result.outcome() instanceof Outcome.Failed)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private void add(StackBuilds.Result result) {
    String name = result.function().name();
    switch (result.outcome()) {
      case Outcome.Built(BuiltImage image, boolean changed) ->
          report.add(
              "name",
              name,
              "outcome",
              "built",
              "image",
              image.reference().toString(),
              "digest",
              image.digest(),
              "changed",
              changed);
      case Outcome.Skipped(String reason) ->
          report.add("name", name, "outcome", "skipped", "message", reason);
      case Outcome.Failed(String sentence) ->
          report.add("name", name, "outcome", "failed", "message", sentence);
    }
  }

  @Override
  public void started(int worker, StackFunction function) {
    out.println("[" + worker + "] > Building " + function.name() + ".");
    if (function.buildable()) {
      out.println(
          "Building: "
              + function.image()
              + " with "
              + function.language().orElseThrow()
              + " template. Please wait..");
    }
  }

  @Override
  public void progress(StackFunction function, String line) {
    if (!options.quiet()) {
      out.println("  " + line);
    }
  }

  @Override
  public void ended(int worker, StackFunction function, Outcome outcome, Duration time) {
    String name = "[" + worker + "] < ";
    switch (outcome) {
      case Outcome.Skipped(String reason) ->
          out.println(name + "Skipping " + function.name() + ": " + reason + ".");
      case Outcome.Failed(String sentence) ->
          err.println(name + "Building " + function.name() + " failed: " + sentence);
      case Outcome.Built _ -> {
        out.println("Image: " + function.image() + " built.");
        out.println(name + "Building " + function.name() + " done in " + seconds(time) + ".");
      }
    }
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2fs", time.toNanos() / NANOS_PER_SECOND);
  }
}
