package dev.barista.provider.process;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Tests on the real operating system are skipped where it lacks something, but not in CI. */
final class RequiredTools {

  private RequiredTools() {}

  static void require(boolean there, String what) {
    if (!there) {
      String sentence = "needs " + what;
      if ("true".equals(System.getenv("BARISTA_REQUIRE_TOOLS"))) {
        fail(sentence);
      }
      abort(sentence);
    }
  }

  static void requireProgram(String name) {
    require(
        Files.isExecutable(Path.of("/usr/bin", name)) || Files.isExecutable(Path.of("/bin", name)),
        "the program " + name);
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
