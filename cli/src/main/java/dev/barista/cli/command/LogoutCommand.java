package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.GatewayUrl;
import dev.barista.cli.gateway.LoginFile;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code barista logout}. */
@Command(description = "Forget the login of a gateway.", sortOptions = false)
final class LogoutCommand extends GatewayCommand {

  LogoutCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    GatewayUrl url = gatewayUrl();
    LoginFile file = LoginFile.of(terminal.environment(), terminal.folder());
    if (!file.remove(url)) {
      throw CliException.failed("There is no login for " + url + " in " + file);
    }
    out.println("credentials removed for " + url);
    return ExitCode.OK;
  }
}
