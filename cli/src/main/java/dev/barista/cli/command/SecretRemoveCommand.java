package dev.barista.cli.command;

import dev.barista.api.SecretName;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code barista secret remove}. */
final class SecretRemoveCommand extends SecretCommand {

  private final Report report = Report.of(options);

  SecretRemoveCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "secret remove SECRET", "Remove a secret that no function uses.", /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    SecretName secret = secret();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", secret.name());
    body.put("namespace", secret.namespace());
    Gateway gateway = gateway();
    try (HttpAnswer answer = gateway.system("DELETE", PATH, body)) {
      String text = answer.text();
      switch (answer.status()) {
        case 200, 202 -> report.sentences(terminal).println("Removed: " + secret);
        case 404 -> throw CliException.failed("No such secret: " + secret);
        default -> throw gateway.refusal(answer, text);
      }
    }
    report.add("name", secret.name(), "namespace", secret.namespace(), "done", "removed");
    return report.endWithOne(terminal, ExitCode.OK);
  }
}
