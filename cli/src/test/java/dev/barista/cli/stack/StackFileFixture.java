package dev.barista.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** A folder with one stack file. */
abstract class StackFileFixture {

  @TempDir Path folder;

  /** A file with one function of these lines. */
  static String function(String body) {
    return "provider:\n  name: openfaas\nfunctions:\n  hello:\n    " + body + "\n";
  }

  StackFile read(String text) throws IOException {
    return StackFile.read(write(text), Map.of());
  }

  Path file() {
    return folder.resolve("stack.yml");
  }

  Path write(String text) throws IOException {
    return Files.writeString(file(), text);
  }
}
