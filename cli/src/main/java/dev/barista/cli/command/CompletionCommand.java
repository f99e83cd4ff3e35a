package dev.barista.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** {@code barista completion}: a script that lets a shell ask this program what may follow. */
final class CompletionCommand extends ClientCommand {

  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  CompletionCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "completion bash|zsh|fish",
            """
            Write the completion script of a shell. For the shell that is open now:
              bash:  source <(barista completion bash)
              zsh:   source <(barista completion zsh)
              fish:  barista completion fish | source\
            """,
            /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    String shell = options.words().isEmpty() ? "" : options.words().getFirst();
    if (!SHELLS.contains(shell)) {
      throw CliException.usage(
          (shell.isEmpty() ? "which shell?" : "\"" + shell + "\"")
              + " (expected: "
              + String.join(", ", SHELLS)
              + ")");
    }
    try (InputStream in = CompletionCommand.class.getResourceAsStream("completion." + shell)) {
      if (in == null) {
        throw new IOException("no script for " + shell);
      }
      out.print(new String(in.readAllBytes(), UTF_8));
    }
    return ExitCode.OK;
  }
}
