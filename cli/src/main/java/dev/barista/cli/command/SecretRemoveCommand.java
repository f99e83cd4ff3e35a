package dev.barista.cli.command;

import dev.barista.api.SecretName;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;

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
    change("DELETE", secret, body(secret));
    report.sentences(terminal).println("Removed: " + secret);
    return end(report, secret, "removed");
  }
}
