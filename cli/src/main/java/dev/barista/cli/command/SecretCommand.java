package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.api.SecretName;
import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;

/** What the subverbs of {@code barista secret} have; by itself it asks for one of them. */
class SecretCommand extends GatewayCommand {

  static final String PATH = "/system/secrets";

  SecretCommand(Terminal terminal, OptionSet options) {
    super(terminal, options);
  }

  SecretCommand(Terminal terminal) {
    this(
        terminal,
        new OptionSet(
            "secret create|list|update|remove ...",
            """
            Keep secrets on the gateway. A function that names one reads it from the file
            /var/openfaas/secrets/NAME; nobody can read a value back.
              secret create NAME   from --from-literal, --from-file or standard input
              secret update NAME   replicas that start afterwards have the new value
              secret list          names only
              secret remove NAME   of a secret that no function uses\
            """,
            /* mostWords= */ Integer.MAX_VALUE));
  }

  @Override
  int run() throws IOException {
    throw CliException.usage(
        (options.words().isEmpty()
                ? "what?"
                : "\"" + Printable.line(options.words().getFirst()) + "\"")
            + " (expected: create, list, update or remove)");
  }

  /** The secret that must be named. */
  final SecretName secret() {
    if (options.words().isEmpty()) {
      throw CliException.usage("which secret? (expected: its name)");
    }
    try {
      return new SecretName(
          options.words().getFirst(), namespace().orElse(FunctionName.DEFAULT_NAMESPACE));
    } catch (FaasException e) {
      throw CliException.usage(e.getMessage());
    }
  }
}
