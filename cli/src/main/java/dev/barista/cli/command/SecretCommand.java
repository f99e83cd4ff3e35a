package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
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

  /** What every request names. */
  static Map<String, Object> body(SecretName secret) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", secret.name());
    body.put("namespace", secret.namespace());
    return body;
  }

  /**
   * Asks for a change of a secret that must be there.
   *
   * @return how it was answered: {@code 202 Accepted}
   */
  final String change(String method, SecretName secret, Map<String, Object> body)
      throws IOException {
    Gateway gateway = gateway();
    try (HttpAnswer answer = gateway.system(method, PATH, body)) {
      String text = answer.text();
      return switch (answer.status()) {
        case 200, 202 -> shown(answer);
        case 404 -> throw CliException.failed("No such secret: " + secret);
        default -> throw gateway.refusal(answer, text);
      };
    }
  }

  static String shown(HttpAnswer answer) {
    return answer.status() + " " + answer.reason();
  }

  /**
   * @param what was done
   */
  final int end(Report report, SecretName secret, String what) {
    report.add("name", secret.name(), "namespace", secret.namespace(), "done", what);
    return report.endWithOne(terminal, ExitCode.OK);
  }
}
