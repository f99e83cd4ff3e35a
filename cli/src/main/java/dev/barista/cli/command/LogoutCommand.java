package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.GatewayUrl;
import dev.barista.cli.gateway.LoginFile;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;

/** {@code barista logout}. */
final class LogoutCommand extends GatewayCommand {

  LogoutCommand(Terminal terminal) {
    super(terminal, new OptionSet("logout", "Forget the login of a gateway.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    GatewayUrl url = gatewayUrl();
    LoginFile file = LoginFile.of(terminal.environment(), terminal.folder());
    if (!file.remove(url)) {
      throw CliException.failed("There is no login for " + url + " in " + file);
    }
    out.println("credentials removed for " + url);
    return ExitCode.OK;
  }
}
