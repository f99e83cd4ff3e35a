package dev.barista.cli;

import static java.util.Objects.requireNonNull;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a verb knows of the world outside: its streams, its environment and the folder it was called
 * in. Verbs use nothing else, so that a test can run them inside its own process.
 *
 * @param folder absolute; relative paths on the command line start here
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path folder) {

  public Terminal {
    requireNonNull(in, "in");
    requireNonNull(out, "out");
    requireNonNull(err, "err");
    environment = Map.copyOf(environment);
    requireNonNull(folder, "folder");
  }

  /** A path as the user would write it here. */
  public String shown(Path path) {
    return path.startsWith(folder) && !path.equals(folder)
        ? folder.relativize(path).toString()
        : path.toString();
  }

  /** That of this process; all text is UTF-8. */
  public static Terminal ofProcess() {
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        print(FileDescriptor.out),
        print(FileDescriptor.err),
        withHome(System.getenv(), System.getProperty("user.home")),
        Path.of("").toAbsolutePath());
  }

  /**
   * Services and cron jobs seldom have a HOME. The verbs then mean the folder of the user's entry,
   * as {@code serve} does: otherwise they would look for its data folder, its address and the
   * logins where nobody put them.
   *
   * @param entry of the user database; "?" where there is none
   */
  static Map<String, String> withHome(Map<String, String> environment, String entry) {
    if (!environment.getOrDefault("HOME", "").isEmpty() || !entry.startsWith("/")) {
      return environment;
    }
    Map<String, String> complete = new HashMap<>(environment);
    complete.put("HOME", entry);
    return complete;
  }

  private static PrintStream print(FileDescriptor descriptor) {
    return new PrintStream(
        new FileOutputStream(descriptor), /* autoFlush= */ true, StandardCharsets.UTF_8);
  }
}
