package dev.barista.image;

import dev.barista.api.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The sentence for a command that this host can't run. */
final class MissingProgram {

  private static final Map<String, String> ADVICE =
      Map.ofEntries(
          Map.entry("python3", "install Python 3 (Debian: apt install python3)"),
          Map.entry("python", "install Python 3 (Debian: apt install python3)"),
          Map.entry("java", "install a JDK 25 and set JAVA_HOME"),
          Map.entry("node", "install Node.js (Debian: apt install nodejs)"),
          Map.entry("npm", "install npm (Debian: apt install npm)"),
          Map.entry("go", "install Go (https://go.dev/dl, Debian: apt install golang-go)"),
          Map.entry("cargo", "install Rust (https://rustup.rs, Debian: apt install cargo)"),
          Map.entry("cc", "install a C compiler (Debian: apt install gcc)"),
          Map.entry("php", "install PHP (Debian: apt install php-cli)"),
          Map.entry("composer", "install Composer (Debian: apt install composer)"),
          Map.entry("ruby", "install Ruby (Debian: apt install ruby)"),
          Map.entry("bundle", "install Bundler (Debian: apt install bundler)"),
          Map.entry("dotnet", "install the .NET SDK (https://dotnet.microsoft.com/download)"),
          Map.entry("bash", "install bash (Debian: apt install bash)"));

  private MissingProgram() {}

  /**
   * @param unusable found, but refused by the caller
   */
  static String sentence(String given, Optional<Interpreter> unusable) {
    String command = Printable.line(given);
    if (unusable.isEmpty() && command.startsWith("/") && Files.exists(Path.of(command))) {
      return command + " is no program of this host (expected: a file that may be executed)";
    }
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
