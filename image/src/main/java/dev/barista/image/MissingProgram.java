package dev.barista.image;

import java.util.Map;
import java.util.Optional;

/** The sentence for a command that this host can't run. */
final class MissingProgram {

  private static final Map<String, String> ADVICE =
      Map.of(
          "python3", "install Python 3 (Debian: apt install python3)",
          "python", "install Python 3 (Debian: apt install python3)",
          "java", "install a JDK 25 and set JAVA_HOME",
          "node", "install Node.js (Debian: apt install nodejs)",
          "bash", "install bash (Debian: apt install bash)");

  private MissingProgram() {}

  /**
   * @param unusable found, but refused by the caller
   */
  static String sentence(String command, Optional<Interpreter> unusable) {
    String advice = ADVICE.getOrDefault(command, "install the program that has it");
    return unusable
        .map(
            found ->
                command
                    + " at "
                    + found.executable()
                    + " can't be used by functions, since other users can't read it: "
                    + advice
                    + " for all users")
        .orElseGet(() -> command + " isn't installed on this host: " + advice);
  }
}
