package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.List;

/** {@code barista secret list}: the names. */
final class SecretListCommand extends SecretCommand {

  private final Option.Flag quiet =
      options.flag("Show names only, without a heading.", "-q", "--quiet");

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  SecretListCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet("secret list", "List the secrets of a namespace.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    List<JsonObject> secrets = GatewayAnswers.objects(gateway(), PATH + namespaceQuery("?"));
    if (format.value().equals("json")) {
      out.println(Json.indented(secrets));
      return ExitCode.OK;
    }
    if (!quiet.on()) {
      out.println("NAME");
    }
    secrets.forEach(secret -> out.println(secret.shown("name")));
    return ExitCode.OK;
  }
}
