package dev.barista.server.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.autoscaler.Plot;
import dev.barista.autoscaler.ScalingDecision;
import dev.barista.autoscaler.Simulation;
import dev.barista.autoscaler.Trace;
import dev.barista.autoscaler.policy.ScalingPolicy;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code barista scale simulate}: replays a trace through the platform's decisions. */
public final class SimulateCommand {

  private static final int MAX_REPLICAS = 1000;

  private final OptionSet options =
      new OptionSet(
          "scale simulate --policy KEY=VALUE[,…] TRACE.CSV",
          """
          Replay a trace through the platform's own decisions and show what it would have done.
          The trace has a line a second with the columns time, concurrency, rps and, where it is
          known, ready; "barista scale record" writes one, "-" reads standard input.
            barista scale simulate --policy target=1,max-scale=10,window=30s trace.csv\
          """,
          /* mostWords= */ 1);

  private final Option.Texts policy =
      options.texts(
          "KEY=VALUE", "Label, annotation or Knative's short name; again for more.", "--policy");

  private final Option.Count replicas =
      options.count(1, 0, MAX_REPLICAS, "Replicas at the beginning; 1 unless given.", "--replicas");

  private final Option.Text plot =
      options.text("FILE.SVG", "Draw replicas and load over time.", "--plot");

  private final Option.Choice format =
      options.choice(
          List.of("table", "csv", "json"),
          "Form of the output; csv has every second, the others only changes.",
          "-o",
          "--output");

  private final Option.Flag help = options.flag("Show this help.", "-h", "--help");

  private final Terminal terminal;

  private SimulateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** For the completion of shells. */
  public static OptionSet options(Terminal terminal) {
    return new SimulateCommand(terminal).options;
  }

  /**
   * @return {@link ExitCode}
   */
  public static int run(Terminal terminal, List<String> arguments) throws IOException {
    SimulateCommand command = new SimulateCommand(terminal);
    command.options.parse(arguments);
    if (command.help.on()) {
      terminal.out().print(command.options.help());
      return ExitCode.OK;
    }
    return command.run();
  }

  private int run() throws IOException {
    if (options.words().isEmpty() || !policy.given()) {
      throw CliException.usage(
          "which trace, by which policy? (expected: --policy KEY=VALUE TRACE.CSV)");
    }
    ScalingPolicy read = PolicyText.parse(policy.values(), MAX_REPLICAS);
    List<Simulation.Step> steps =
        Simulation.run(Trace.parse(lines()), read, replicas.value(), MAX_REPLICAS);
    if (plot.given()) {
      draw(steps, terminal.folder().resolve(plot.value().orElseThrow()));
    }
    print(steps);
    return ExitCode.OK;
  }

  private List<String> lines() throws IOException {
    String file = options.words().getFirst();
    if (file.equals("-")) {
      return new String(terminal.in().readAllBytes(), UTF_8).lines().toList();
    }
    Path path = terminal.folder().resolve(file);
    if (!Files.isRegularFile(path)) {
      throw CliException.failed("No such file: " + terminal.shown(path));
    }
    return Files.readAllLines(path);
  }

  private void draw(List<Simulation.Step> steps, Path file) throws IOException {
    Files.writeString(file, Plot.svg(steps, String.join(", ", policy.values())));
    terminal.err().println("Drawn in " + terminal.shown(file));
  }

  private void print(List<Simulation.Step> steps) {
    PrintStream out = terminal.out();
    switch (format.value()) {
      case "csv" -> csv(steps, out);
      case "json" -> out.println(Json.indented(changes(steps)));
      default -> table(steps, out);
    }
  }

  private static void csv(List<Simulation.Step> steps, PrintStream out) {
    out.println(Trace.HEADER + ",desired");
    for (Simulation.Step step : steps) {
      out.println(
          String.format(
              Locale.ROOT,
              "%d,%s,%s,%d,%d",
              step.row().second(),
              step.row().concurrency(),
              step.row().rps(),
              step.ready(),
              step.desired()));
    }
  }

  private static List<Map<String, Object>> changes(List<Simulation.Step> steps) {
    List<Map<String, Object>> changes = new ArrayList<>();
    for (Simulation.Step step : steps) {
      if (step.decision().isPresent()) {
        ScalingDecision decision = step.decision().get();
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("second", step.row().second() - steps.getFirst().row().second());
        change.put("concurrency", step.row().concurrency());
        change.put("rps", step.row().rps());
        change.put("ready", step.ready());
        change.put("from", decision.from());
        change.put("to", decision.to());
        change.put("reason", decision.reason());
        decision.boundedBy().ifPresent(bound -> change.put("boundedBy", bound));
        changes.add(change);
      }
    }
    return changes;
  }

  private static void table(List<Simulation.Step> steps, PrintStream out) {
    String row = "%8s %12s %10s %6s  %-10s %s%n";
    out.printf(Locale.ROOT, row, "SECOND", "CONCURRENCY", "RPS", "READY", "REPLICAS", "REASON");
    long start = steps.getFirst().row().second();
    for (Simulation.Step step : steps) {
      if (step.decision().isPresent()) {
        ScalingDecision decision = step.decision().get();
        out.printf(
            Locale.ROOT,
            row,
            step.row().second() - start,
            number(step.row().concurrency()),
            number(step.row().rps()),
            step.ready(),
            decision.from() + " => " + decision.to(),
            decision.reason()
                + decision.boundedBy().map(bound -> ", bounded by " + bound).orElse(""));
      }
    }
    out.println(steps.size() + " seconds, at the end " + steps.getLast().desired() + " replicas");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
