package dev.barista.acceptance;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that a test needs from the host. */
final class Tools {

  private Tools() {}

  /**
   * The program's path. Without it the test is skipped by the tool's name, or fails where {@code
   * BARISTA_REQUIRE_TOOLS} is {@code true}, as in continuous integration.
   */
  static Path require(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(":", -1)) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return missing(program);
  }

  private static Path missing(String program) {
    if (Boolean.parseBoolean(System.getenv("BARISTA_REQUIRE_TOOLS"))) {
      throw new AssertionError("needs " + program + " on the PATH");
    }
    return abort("needs " + program + " on the PATH");
  }
}
