package dev.barista.server;

import dev.barista.cli.ClientCommands;
import dev.barista.cli.Terminal;
import dev.barista.cli.Verb;
import dev.barista.cli.VerbTable;
import dev.barista.cli.options.OptionSet;
import dev.barista.server.config.ServeHelp;
import dev.barista.server.doctor.DoctorCommand;
import dev.barista.server.scale.SimulateCommand;
import dev.barista.server.serve.OwnGroup;
import dev.barista.server.serve.ServeCommand;
import dev.barista.watchdog.WatchdogMain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The one program: {@code serve}, the client verbs, and {@code watchdog} for replicas. */
public final class BaristaMain {

  /** Verbs that run strangers' code in this process's children. */
  private static final Set<String> BUILDING = Set.of("build", "up", "publish");

  private BaristaMain() {}

  /** Ends the process with the verb's exit code. */
  public static void main(String[] arguments) {
    System.exit(new VerbTable(verbs()).run(Terminal.ofProcess(), arguments));
  }

  /**
   * Every word of the command line. The server's verbs are lambdas, not method references: a
   * reference would load the class behind it, and with it a part of the server, for {@code barista
   * list}.
   */
  @SuppressWarnings("UnnecessaryLambda") // see above
  static List<Verb> verbs() {
    List<Verb> verbs = new ArrayList<>(ClientCommands.verbs());
    verbs.replaceAll(verb -> verb.name().equals("scale") ? verb.with(simulate()) : verb);
    verbs.replaceAll(verb -> BUILDING.contains(verb.name()) ? bounded(verb) : verb);
    verbs.add(
        new Verb(
            "serve",
            List.of(),
            Verb.Group.PLATFORM,
            "Start the platform on this machine",
            (terminal, arguments) -> ServeCommand.run(terminal, arguments),
            _ -> ServeHelp.options()));
    verbs.add(
        new Verb(
            "doctor",
            List.of(),
            Verb.Group.PLATFORM,
            "Check this host, and say what a gap costs",
            (terminal, arguments) -> DoctorCommand.run(terminal, arguments),
            terminal -> DoctorCommand.options(terminal)));
    verbs.add(
        new Verb(
            "watchdog",
            List.of(),
            Verb.Group.INTERNAL,
            "Drive a function process inside its replica",
            // Not the terminal's environment: the function inherits what is there, byte by byte.
            (terminal, arguments) ->
                WatchdogMain.run(arguments, System.getenv(), terminal.out(), terminal.err()),
            _ -> OptionSet.NONE));
    return List.copyOf(verbs);
  }

  @SuppressWarnings("UnnecessaryLambda") // as above
  private static Verb bounded(Verb verb) {
    return new Verb(
        verb.name(),
        verb.aliases(),
        verb.group(),
        verb.summary(),
        (terminal, arguments) -> {
          OwnGroup.enter(terminal);
          return verb.action().run(terminal, arguments);
        },
        verb.options(),
        verb.subverbs());
  }

  @SuppressWarnings("UnnecessaryLambda") // as above
  private static Verb simulate() {
    return new Verb(
        "scale simulate",
        List.of(),
        Verb.Group.USE,
        "Replay a trace through the decisions",
        (terminal, arguments) -> SimulateCommand.run(terminal, arguments),
        terminal -> SimulateCommand.options(terminal));
  }
}
