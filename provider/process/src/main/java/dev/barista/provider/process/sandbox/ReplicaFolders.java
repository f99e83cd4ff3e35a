package dev.barista.provider.process.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The folders of one run of one replica.
 *
 * <pre>
 *   ROOT/         0711
 *   ROOT/start    0600 the platform's: what the shell does that becomes the replica
 *   ROOT/io/      0700 the replica's: its socket, its environment, and that of its watchdog's calls
 *   ROOT/tmp/     0700 the replica's: TMPDIR where it has no /tmp of its own
 * </pre>
 */
public record ReplicaFolders(Path root) {

  private static final String SOCKET = "s";
  private static final String FUNCTION = "function";

  public Path io() {
    return root.resolve("io");
  }

  public Path tmp() {
    return root.resolve("tmp");
  }

  /** Where the gateway reaches the replica, if it listens on its socket. */
  public Path socket() {
    return io().resolve(SOCKET);
  }

  public Path start() {
    return root.resolve("start");
  }

  Path environment() {
    return io().resolve("env");
  }

  /** What the processes have that a watchdog starts, but not the watchdog itself. */
  Path functionEnvironment() {
    return io().resolve(FUNCTION);
  }

  /**
   * Writes the environment of the processes that a watchdog starts, as {@code /proc/PID/environ}
   * has it. After {@link #make}.
   */
  public void giveFunctionEnvironment(OptionalInt user, Map<String, String> environment)
      throws IOException {
    StringBuilder text = new StringBuilder();
    environment.forEach((name, value) -> text.append(name).append('=').append(value).append('\0'));
    writePrivately(functionEnvironment(), text.toString());
    if (user.isPresent()) {
      give(functionEnvironment(), user.getAsInt());
    }
  }

  /**
   * Makes all of it, for a user of its own where there is one.
   *
   * @param ownTmp whether the replica has a {@code /tmp} of its own, and needs none of these
   */
  public void make(OptionalInt user, Map<String, String> environment, boolean ownTmp)
      throws IOException {
    folder(root, "rwx--x--x");
    List<Path> own = new ArrayList<>(List.of(io(), environment()));
    folder(io(), "rwx------");
    if (!ownTmp) {
      folder(tmp(), "rwx------");
      own.add(tmp());
    }
    writePrivately(environment(), EnvironmentScript.script(environment));
    if (user.isPresent()) {
      for (Path path : own) {
        give(path, user.getAsInt());
      }
    }
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private static void give(Path path, int id) throws IOException {
    Files.setAttribute(path, "unix:uid", id);
    Files.setAttribute(path, "unix:gid", id);
  }

  private static void folder(Path path, String permissions) throws IOException {
    Files.createDirectory(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** Removes all of it; what can't be removed is left to the next start. */
  public void remove() {
    removeTree(root);
  }

  /** Follows no link. */
  public static void removeTree(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(ReplicaFolders.class.getName())
          .log(System.Logger.Level.DEBUG, () -> "can't remove all of " + root + ": " + e);
    }
  }
}
