package dev.barista.server;

import dev.barista.cli.Terminal;
import dev.barista.server.serve.ServeCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code serve} as the table of verbs knows it, for {@code barista help serve}. */
@Command(name = "serve")
final class ServeVerb implements Callable<Integer> {

  private final Terminal terminal;

  @Unmatched private final List<String> arguments = new ArrayList<>();

  ServeVerb(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return ServeCommand.run(terminal, arguments);
  }
}
