package dev.barista.cli.command;

import dev.barista.api.Printable;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.List;

/** {@code barista alerts}: where each function's alert stands. */
final class AlertsCommand extends GatewayCommand {

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  AlertsCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "alerts",
            """
            Show the alerts by which functions are scaled: inactive, pending or firing. RATE is what a
            function answers in a second; above THRESHOLD for some seconds its alert fires.\
            """,
            /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    JsonObject answer = GatewayAnswers.object(gateway(), "/system/alerts" + namespaceQuery("?"));
    if (format.value().equals("json")) {
      out.println(Json.indented(answer));
      return ExitCode.OK;
    }
    String mode = answer.shown("mode");
    if (mode.equals("builtin")) {
      out.print(table(answer));
    } else {
      err.println(elsewhere(mode));
    }
    return ExitCode.OK;
  }

  private static TextTable table(JsonObject answer) {
    TextTable table = new TextTable("NAME", "STATE", "RATE", "THRESHOLD", "SINCE");
    for (JsonObject alert : answer.objects("alerts")) {
      table.row(
          GatewayAnswers.functionName(alert),
          alert.shown("state"),
          perSecond(alert, "rate"),
          perSecond(alert, "threshold"),
          since(alert));
    }
    return table;
  }

  private static String perSecond(JsonObject alert, String key) {
    return GatewayAnswers.decimal(alert.number(key).orElse(0)) + "/s";
  }

  /** An inactive alert has no beginning, but perhaps an end. */
  private static String since(JsonObject alert) {
    return alert
        .text("since")
        .or(() -> alert.text("resolvedAt").map(time -> "resolved " + time))
        .map(GatewayAnswers::seconds)
        .map(Printable::line)
        .orElse("");
  }

  private static String elsewhere(String mode) {
    return mode.equals("external")
        ? "Alerts come from Prometheus and AlertManager (serve --alerts external); their pages show"
            + " them."
        : "Scaling by alerts is switched off (serve --alerts " + mode + ").";
  }
}
