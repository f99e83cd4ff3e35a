package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Credentials;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.gateway.LoginFile;
import dev.barista.cli.http.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code barista login}: checks a password and keeps it where faas-cli keeps it too. */
@Command(description = "Check and keep the login of a gateway.", sortOptions = false)
final class LoginCommand extends GatewayCommand {

  private static final int MAX_PASSWORD_BYTES = 4_096;

  @Option(
      names = {"-u", "--username"},
      paramLabel = "USER",
      description = "admin unless given.")
  private String username = "admin";

  @Option(
      names = {"-p", "--password"},
      paramLabel = "PASSWORD",
      description = "Seen by others in the list of processes; better --password-stdin.")
  private @Nullable String password;

  @Option(
      names = {"-s", "--password-stdin"},
      description = "Read the password from standard input.")
  private boolean passwordStdin;

  LoginCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Credentials.Basic credentials = new Credentials.Basic(username, password());
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
    out.println("credentials saved for " + username + " " + gateway.url());
    return ExitCode.OK;
  }

  private String password() throws IOException {
    if (password != null && passwordStdin) {
      throw CliException.usage("--password and --password-stdin exclude each other");
    }
    if (password != null) {
      err.println("WARNING: others can see --password; consider --password-stdin.");
      return nonEmpty(password);
    }
    if (!passwordStdin) {
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
