package dev.barista.cli;

import dev.barista.cli.command.Commands;
import java.util.List;

/** The verbs that talk to a gateway or work on files of the user. */
public final class ClientCommands {

  private ClientCommands() {}

  /** In the order of the help. */
  public static List<Verb> verbs() {
    return Commands.all();
  }
}
