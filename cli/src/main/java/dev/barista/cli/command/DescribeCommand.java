package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.List;

/** {@code barista describe}: one function, its replicas, and which of its bounds are kept. */
final class DescribeCommand extends GatewayCommand {

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  DescribeCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "describe FUNCTION", "Show a function and its replicas.", /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    FunctionName name = function();
    Gateway gateway = gateway();
    JsonObject status = fetch(gateway, name);
    out.print(
        format.value().equals("json")
            ? Json.indented(status) + "\n"
            : Description.of(gateway.url().resolve("/function/" + name).toString(), status));
    return ExitCode.OK;
  }

  private static JsonObject fetch(Gateway gateway, FunctionName name) throws IOException {
    String path = "/system/function/" + name.name() + "?usage=1&namespace=" + name.namespace();
    try (HttpAnswer answer = gateway.system("GET", path)) {
      String body = answer.text();
      if (answer.status() == 404) {
        throw CliException.failed("No such function: " + name);
      }
      if (answer.status() != 200) {
        throw gateway.refusal(answer, body);
      }
      return Json.object(body)
          .orElseThrow(
              () -> CliException.failed("What answers at " + gateway.url() + " is no gateway."));
    }
  }
}
