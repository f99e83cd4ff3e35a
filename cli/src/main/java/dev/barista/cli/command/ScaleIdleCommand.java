package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.List;

/**
 * {@code barista scale idle --dry-run}: which functions would go to zero, and what keeps others.
 */
final class ScaleIdleCommand extends GatewayCommand {

  private final Option.Flag dryRun =
      options.flag("Only tell; the platform itself scales idle functions to zero.", "--dry-run");

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  ScaleIdleCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "scale idle --dry-run",
            "Show which functions would go to zero now, and what keeps the others.",
            /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    if (!dryRun.on()) {
      throw CliException.usage(
          "the platform scales idle functions to zero itself (expected: --dry-run, to see which)");
    }
    List<JsonObject> functions =
        GatewayAnswers.objects(gateway(), "/system/scaling/idle" + namespaceQuery("?"));
    out.print(format.value().equals("json") ? Json.indented(functions) + "\n" : table(functions));
    return ExitCode.OK;
  }

  private static String table(List<JsonObject> functions) {
    TextTable table = new TextTable("NAME", "REPLICAS", "IDLE", "LIMIT", "WOULD SCALE", "REASON");
    for (JsonObject function : functions) {
      table.row(
          GatewayAnswers.functionName(function),
          Long.toString(function.count("replicas")),
          function.shown("idle"),
          function.shown("limit"),
          function.flag("toZero") ? "to 0" : "no",
          function.shown("reason"));
    }
    return table.toString();
  }
}
