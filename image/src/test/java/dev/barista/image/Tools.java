package dev.barista.image;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that some tests need. Missing: the test is skipped by name, or fails where CI says so.
 */
final class Tools {

  private Tools() {}

  static void require(String program) {
    if (isThere(program)) {
      return;
    }
    if ("true".equals(System.getenv("BARISTA_REQUIRE_TOOLS"))) {
      fail(program + " is not installed");
    }
    Assumptions.abort(program + " is not installed");
  }

  private static boolean isThere(String program) {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
