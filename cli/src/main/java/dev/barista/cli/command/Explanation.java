package dev.barista.cli.command;

import dev.barista.api.Printable;
import dev.barista.cli.json.JsonObject;
import java.util.List;

/** The text of {@code barista why}. */
final class Explanation {

  private static final int LABEL_WIDTH = 11;

  private final StringBuilder text = new StringBuilder(512);

  private Explanation() {}

  static String of(JsonObject report) {
    Explanation explanation = new Explanation();
    explanation.now(report);
    explanation.signals(report.objects("signals"));
    explanation.decisions(report.objects("decisions"));
    return explanation.text.toString();
  }

  private void now(JsonObject report) {
    line("Function", GatewayAnswers.functionName(report));
    line(
        "Replicas",
        report.count("ready")
            + " ready of "
            + report.count("desired")
            + " wanted (min "
            + report.count("min")
            + ", max "
            + report.count("max")
            + ")");
    line(
        "Scaled by",
        String.join(", ", report.texts("scaledBy"))
            + (report.flag("panicking") ? ", in panic" : ""));
    line(
        "Calls",
        report.count("inFlight") + " in flight, " + report.count("waiting") + " of them waiting");
    report.text("oneMore").ifPresent(sentence -> line("One more", sentence));
    report.text("zero").ifPresent(sentence -> line("To zero", sentence));
  }

  private void signals(List<JsonObject> signals) {
    if (signals.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("SIGNAL", "VALUE", "TARGET", "UNIT", "WINDOW", "WANTS");
    for (JsonObject signal : signals) {
      table.row(
          signal.shown("name"),
          GatewayAnswers.decimal(signal.number("value").orElse(0)),
          GatewayAnswers.decimal(signal.number("target").orElse(0)),
          signal.shown("unit"),
          signal.shown("window"),
          Long.toString(signal.count("wanted")));
    }
    text.append('\n').append(table);
  }

  private void decisions(List<JsonObject> decisions) {
    if (decisions.isEmpty()) {
      text.append("\nNot scaled yet since the platform's start.\n");
      return;
    }
    TextTable table = new TextTable("TIME", "CHANGE", "REASON");
    for (JsonObject decision : decisions) {
      String bound = decision.text("boundedBy").map(by -> "; cut by " + by).orElse("");
      table.row(
          GatewayAnswers.seconds(decision.shown("at")),
          decision.count("from") + " => " + decision.count("to"),
          decision.shown("reason") + Printable.line(bound));
    }
    text.append('\n').append(table);
  }

  private void line(String label, String value) {
    text.append(label).append(':').repeat(' ', LABEL_WIDTH - label.length() - 1);
    text.append(Printable.line(value)).append('\n');
  }
}
