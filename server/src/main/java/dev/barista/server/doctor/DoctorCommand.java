package dev.barista.server.doctor;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.LocalGateway;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code barista doctor}: looks at the host, changes nothing. */
public final class DoctorCommand {

  private static final int MAX_PORT = 65_535;
  private static final int SUBJECT_WIDTH = 14;

  private final OptionSet options =
      new OptionSet(
          "doctor",
          """
          Check this host: what is there, what a gap costs, how to mend it. Changes nothing.
          Exit code 1 when "barista serve" would not start; with --strict also for any gap.\
          """,
          /* mostWords= */ 0);

  private final Option.Text data =
      options.text("FOLDER", "Data folder to check; else BARISTA_DATA, ~/.barista.", "--data");

  private final Option.Count port =
      options.count(8080, 0, MAX_PORT, "Port of the gateway; 8080 unless given.", "--port");

  private final Option.Count metricsPort =
      options.count(8082, 0, MAX_PORT, "Port of /metrics; 8082 unless given.", "--metrics-port");

  private final Option.Flag strict = options.flag("Gaps count as failures.", "--strict");

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  private final Option.Flag help = options.flag("Show this help.", "-h", "--help");

  private final Terminal terminal;

  private DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** For the completion of shells. */
  public static OptionSet options(Terminal terminal) {
    return new DoctorCommand(terminal).options;
  }

  /**
   * @return {@link ExitCode}
   */
  public static int run(Terminal terminal, List<String> arguments) throws IOException {
    DoctorCommand command = new DoctorCommand(terminal);
    command.options.parse(arguments);
    if (command.help.on()) {
      terminal.out().print(command.options.help());
      return ExitCode.OK;
    }
    return command.run();
  }

  private int run() throws IOException {
    Path folder =
        data.value()
            .map(named -> terminal.folder().resolve(named).normalize())
            .orElseGet(() -> LocalGateway.dataFolder(terminal.environment()));
    List<Finding> findings = new ArrayList<>();
    findings.addAll(HostChecks.run(folder));
    findings.addAll(FolderChecks.run(folder));
    findings.add(PortCheck.run("port " + port.value(), port.value(), "--port", folder));
    findings.add(
        PortCheck.run(
            "port " + metricsPort.value(), metricsPort.value(), "--metrics-port", folder));
    findings.addAll(IsolationChecks.run());
    findings.addAll(ProgramChecks.run(terminal.environment()));
    print(findings);
    boolean bad =
        findings.stream()
            .anyMatch(
                finding ->
                    switch (finding.verdict()) {
                      case OK -> false;
                      case GAP -> strict.on();
                      case STOP -> true;
                    });
    return bad ? ExitCode.FAILED : ExitCode.OK;
  }

  private void print(List<Finding> findings) {
    PrintStream out = terminal.out();
    if (format.value().equals("json")) {
      out.println(Json.indented(findings.stream().map(Finding::json).toList()));
      return;
    }
    for (Finding finding : findings) {
      out.println(
          padded(finding.verdict().word(), 5)
              + padded(finding.subject(), SUBJECT_WIDTH)
              + finding.found());
      if (finding.verdict() != Finding.Verdict.OK) {
        out.println("     costs: " + finding.cost());
        out.println("     mend:  " + finding.mend());
      }
    }
    out.println();
    out.println(summary(findings));
  }

  private static String summary(List<Finding> findings) {
    long gaps = count(findings, Finding.Verdict.GAP);
    long stops = count(findings, Finding.Verdict.STOP);
    String rest = gaps == 0 ? "nothing is missing" : gaps + (gaps == 1 ? " gap" : " gaps");
    return stops == 0
        ? "Barista runs here; " + rest + "."
        : "Barista can't run here until what is marked stop is mended; " + rest + " besides.";
  }

  private static long count(List<Finding> findings, Finding.Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
