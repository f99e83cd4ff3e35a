package dev.barista.cli.command;

import dev.barista.api.SecretName;
import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** {@code barista secret create} and {@code barista secret update}. */
final class SecretSetCommand extends SecretCommand {

  private static final int CONFLICT = 409;

  private final boolean creates;
  private final SecretValue value = new SecretValue(options);
  private final Report report = Report.of(options);

  /** Of create only. */
  private final Optional<Option.Flag> replace;

  private SecretSetCommand(Terminal terminal, boolean creates, OptionSet options) {
    super(terminal, options);
    this.creates = creates;
    this.replace =
        creates
            ? Optional.of(options.flag("Change it if it is there already.", "--replace"))
            : Optional.empty();
  }

  static SecretSetCommand create(Terminal terminal) {
    String summary = "Create a secret, from an option or from standard input.";
    return new SecretSetCommand(
        terminal, /* creates= */ true, new OptionSet("secret create NAME", summary, 1));
  }

  static SecretSetCommand update(Terminal terminal) {
    String summary = "Change a secret. Replicas that start afterwards have the new value.";
    return new SecretSetCommand(
        terminal, /* creates= */ false, new OptionSet("secret update SECRET", summary, 1));
  }

  @Override
  int run() throws IOException {
    SecretName secret = secret();
    Map<String, Object> body = body(secret);
    body.putAll(value.members(terminal));
    if (!creates) {
      return update(secret, body);
    }
    PrintStream told = report.sentences(terminal);
    told.println("Creating secret: " + secret);
    Gateway gateway = gateway();
    try (HttpAnswer answer = gateway.system("POST", PATH, body)) {
      String text = answer.text();
      if (answer.status() == CONFLICT && replace.filter(Option.Flag::on).isPresent()) {
        return update(secret, body);
      }
      switch (answer.status()) {
        case 200, 201, 202 -> told.println("Created: " + shown(answer));
        case CONFLICT ->
            throw CliException.failed(
                "The secret is there already: "
                    + secret
                    + ". Change it with: barista secret update");
        default -> throw gateway.refusal(answer, text);
      }
    }
    return end(report, secret, "created");
  }

  private int update(SecretName secret, Map<String, Object> body) throws IOException {
    PrintStream told = report.sentences(terminal);
    told.println("Updating secret: " + secret);
    told.println("Updated: " + change("PUT", secret, body));
    return end(report, secret, "updated");
  }
}
