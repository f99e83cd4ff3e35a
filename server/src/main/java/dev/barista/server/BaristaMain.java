package dev.barista.server;

import dev.barista.cli.ClientCommands;
import dev.barista.cli.Terminal;
import dev.barista.cli.Verb;
import dev.barista.cli.VerbTable;
import dev.barista.server.serve.ServeCommand;
import dev.barista.watchdog.WatchdogMain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The one program: {@code serve}, {@code watchdog}, and the client verbs. {@code serve} and {@code
 * watchdog} are taken before the table of verbs, since both have their own, lighter way to read
 * arguments and are started where milliseconds count. A client verb loads nothing of the server.
 */
public final class BaristaMain {

  private BaristaMain() {}

  /** Ends the process with the command's exit code; {@code serve} ends with the platform. */
  public static void main(String[] arguments) throws Exception {
    String verb = arguments.length == 0 ? "" : arguments[0];
    switch (verb) {
      case "serve" -> System.exit(ServeCommand.run(Terminal.ofProcess(), rest(arguments)));
      case "watchdog" -> WatchdogMain.main(rest(arguments).toArray(new String[0]));
      default -> System.exit(new VerbTable(verbs()).run(Terminal.ofProcess(), arguments));
    }
  }

  private static List<String> rest(String[] arguments) {
    return Arrays.asList(arguments).subList(1, arguments.length);
  }

  /** Every word of the command line but {@code watchdog}, which is for replicas. */
  static List<Verb> verbs() {
    List<Verb> verbs = new ArrayList<>(ClientCommands.verbs());
    verbs.add(
        new Verb(
            "serve",
            List.of(),
            Verb.Group.PLATFORM,
            "Start the platform on this machine",
            ServeVerb::new));
    return List.copyOf(verbs);
  }
}
