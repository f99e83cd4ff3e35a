package dev.barista.provider.process.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
 *   ROOT/io/      0700 the replica's: its socket, its environment, and that of its watchdog's calls
 *   ROOT/tmp/     0700 the replica's: TMPDIR where it has no /tmp of its own
 *   ROOT/etc/     0755 what it sees as /etc/passwd and /etc/group
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

  Path passwd() {
    return root.resolve("etc/passwd");
  }

  Path group() {
    return root.resolve("etc/group");
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

  /** Makes all of it, for a user of its own where there is one. */
  public void make(OptionalInt user, Map<String, String> environment) throws IOException {
    folder(root, "rwx--x--x");
    folder(io(), "rwx------");
    folder(tmp(), "rwx------");
    folder(root.resolve("etc"), "rwxr-xr-x");
    int id = user.isPresent() ? user.getAsInt() : ownId();
    Files.writeString(
        passwd(),
        """
        root:x:0:0:root:/:/usr/sbin/nologin
        app:x:%d:%d:function:/home/app:/bin/sh
        nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
        """
            .formatted(id, id));
    Files.writeString(
        group(),
        """
        root:x:0:
        app:x:%d:
        nogroup:x:65534:
        """
            .formatted(id));
    writePrivately(environment(), EnvironmentScript.script(environment));
    if (user.isPresent()) {
      for (Path path : List.of(io(), tmp(), environment())) {
        give(path, id);
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

  private int ownId() throws IOException {
    return (Integer) Files.getAttribute(root, "unix:uid");
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
