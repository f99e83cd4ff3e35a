package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.Verb;
import dev.barista.cli.VerbTable;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs the verbs once each, silently, in the current folder and against the gateway that runs in
 * the data folder. The launcher trains the ahead-of-time caches of client and server with it. What
 * a verb answers doesn't matter here: the code that it runs does.
 */
final class WarmUpCommand {

  private static final String NAME = "warm-up";
  private static final int CALLS = 10;

  /** Of a function at zero: so often that the compilers know what its start needs. */
  private static final int STARTS = 20;

  private final Terminal terminal;

  private WarmUpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  static int run(Terminal terminal, List<String> arguments) {
    return new WarmUpCommand(terminal).run();
  }

  private int run() {
    List<Verb> verbs = Commands.all();
    run(verbs, "version");
    run(verbs, "deploy", "--image", "functions/alpine:latest", "--name", NAME, "--fprocess", "cat");
    for (int i = 0; i < CALLS; i++) {
      run(verbs, "invoke", NAME);
      run(verbs, "list");
    }
    run(verbs, "list", "-v");
    run(verbs, "describe", NAME);
    run(verbs, "scale", NAME, "1");
    run(verbs, "why", NAME);
    run(verbs, "alerts");
    run(verbs, "secret", "list");
    run(
        verbs,
        "deploy",
        "--image",
        "functions/alpine:latest",
        "--name",
        NAME,
        "-e",
        "fprocess=env");
    run(verbs, "new", NAME, "--lang", "python3-http");
    run(verbs, "up", "-f", NAME + ".yml", "--quiet");
    for (int i = 0; i < STARTS; i++) {
      run(verbs, "scale", NAME, "0");
      run(verbs, "invoke", NAME);
    }
    run(verbs, "remove", NAME);
    run(verbs, "complete", "--", "invoke", "");
    run(verbs, "list", "--no-such-option");
    run(verbs, "help");
    return ExitCode.OK;
  }

  private void run(List<Verb> verbs, String... arguments) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Terminal silent =
        new Terminal(
            new ByteArrayInputStream(NAME.getBytes(StandardCharsets.UTF_8)),
            nowhere,
            nowhere,
            terminal.environment(),
            terminal.folder());
    new VerbTable(verbs).run(silent, arguments);
  }
}
