package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code barista describe}: one function, its replicas, and which of its bounds are kept. */
@Command(description = "Show a function and its replicas.", sortOptions = false)
final class DescribeCommand extends GatewayCommand {

  @Parameters(index = "0", paramLabel = "FUNCTION", description = "NAME or NAME.NAMESPACE.")
  private String function = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table or json.")
  private ListCommand.Format format = ListCommand.Format.table;

  DescribeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    FunctionName name = functionName(function);
    Gateway gateway = gateway();
    JsonObject status = fetch(gateway, name);
    out.print(
        format == ListCommand.Format.json
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
