package dev.barista.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Types commands in a folder, with a home and a data folder of its own. */
public final class CommandLineUser {

  /** What a command left. */
  public record Result(int exitCode, String out, String err) {}

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  public CommandLineUser(Path folder) {
    this.folder = folder;
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("BARISTA_DATA", folder.resolve("data").toString());
    environment.put("PATH", System.getenv().getOrDefault("PATH", ""));
  }

  public CommandLineUser with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  public Result types(String... arguments) {
    return typesWithInput("", arguments);
  }

  public Result typesWithInput(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, /* autoFlush= */ true, UTF_8),
            new PrintStream(err, /* autoFlush= */ true, UTF_8),
            environment,
            folder);
    int code = new VerbTable(ClientCommands.verbs()).run(terminal, arguments);
    return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}
