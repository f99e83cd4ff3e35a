package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Credentials;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.gateway.LoginFile;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code barista login}: checks a password and keeps it where faas-cli keeps it too. */
final class LoginCommand extends GatewayCommand {

  private static final int MAX_PASSWORD_BYTES = 4_096;

  private final Option.Text username =
      options.text("USER", "admin unless given.", "-u", "--username");

  private final Option.Text password =
      options.text(
          "PASSWORD",
          "Seen by others in the list of processes; better --password-stdin.",
          "-p",
          "--password");

  private final Option.Flag passwordStdin =
      options.flag("Read the password from standard input.", "-s", "--password-stdin");

  LoginCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet("login", "Check and keep the login of a gateway.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    String user = username.value().orElse("admin");
    Credentials.Basic credentials = new Credentials.Basic(user, password());
    Gateway named = gateway();
    Gateway gateway = new Gateway(named.url(), Optional.of(credentials), named.client());
    out.println("Calling the gateway to check the credentials...");
    if (!gateway.url().encrypted() && !gateway.url().loopback()) {
      err.println("WARNING: the connection to the gateway is not encrypted; consider https.");
    }
    try (HttpAnswer answer = gateway.system("GET", "/system/functions")) {
      if (answer.status() == 401) {
        throw CliException.failed("unable to login, either username or password is incorrect");
      }
      if (answer.status() != 200) {
        throw gateway.refusal(answer, answer.text());
      }
    }
    LoginFile.of(terminal.environment(), terminal.folder()).save(gateway.url(), credentials);
    out.println("credentials saved for " + user + " " + gateway.url());
    return ExitCode.OK;
  }

  private String password() throws IOException {
    if (password.given() && passwordStdin.on()) {
      throw CliException.usage("--password and --password-stdin exclude each other");
    }
    if (password.given()) {
      err.println("WARNING: others can see --password; consider --password-stdin.");
      return nonEmpty(password.value().orElseThrow());
    }
    if (!passwordStdin.on()) {
      throw CliException.usage("no password (expected: --password-stdin, or --password)");
    }
    byte[] bytes = terminal.in().readNBytes(MAX_PASSWORD_BYTES);
    return nonEmpty(new String(bytes, StandardCharsets.UTF_8).strip());
  }

  private static String nonEmpty(String text) {
    if (text.isEmpty()) {
      throw CliException.usage("the password is empty");
    }
    return text;
  }
}
