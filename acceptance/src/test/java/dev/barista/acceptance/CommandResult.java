package dev.barista.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a run of {@code ./barista VERB} left: exit code and both outputs. */
record CommandResult(int exitCode, String out, String err) {

  private static final long MAX_SECONDS = 120;

  static CommandResult of(
      Path folder, String input, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Barista.home().resolve("barista").toString()));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      }
      if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("barista " + String.join(" ", arguments) + " did not end");
      }
      CommandResult result =
          new CommandResult(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fails with both outputs when the command did. */
  CommandResult succeeded() {
    if (exitCode != 0) {
      throw new AssertionError("exit " + exitCode + "\n" + out + "\n" + err);
    }
    return this;
  }
}
