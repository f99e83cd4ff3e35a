package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.List;

/** {@code barista why}: how a function scales now, and why it was scaled. */
final class WhyCommand extends GatewayCommand {

  private final Option.Choice format =
      options.choice(List.of("text", "json"), "Form of the output.", "-o", "--output");

  WhyCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "why FUNCTION",
            """
            Tell why a function has as many replicas as it has: what it is scaled by, the last changes
            with their reasons, what one more replica would need, and when it goes to zero.\
            """,
            /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    FunctionName name = function();
    JsonObject report =
        GatewayAnswers.object(
            gateway(),
            "/system/function/" + name.name() + "/scaling?namespace=" + name.namespace());
    out.print(
        format.value().equals("json") ? Json.indented(report) + "\n" : Explanation.of(report));
    return ExitCode.OK;
  }
}
