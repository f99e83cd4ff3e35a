package dev.barista.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Walls around a build tool, which runs code that strangers wrote. With bubblewrap it sees the
 * host's programs read-only, no home folder, no data folder and no service's socket or key, and
 * writes in the build's folder only; it keeps the network, since packages come from there. Without,
 * it runs as it is. Safe for several threads.
 */
final class BuildSandbox {

  private static final int PROBE_SECONDS = 10;

  /**
   * Homes, disks, and the sockets of services: a session bus or a container engine would run
   * anything outside the walls. A link among them leads into another one or isn't made.
   */
  private static final List<Path> EMPTY =
      Stream.of("/run", "/home", "/root", "/srv", "/mnt", "/media", "/etc/ssh", "/etc/ssl/private")
          .map(Path::of)
          .toList();

  /** What a tool of root could read though it has no capability. */
  private static final List<Path> BLANK =
      Stream.of("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-")
          .map(Path::of)
          .toList();

  private static final Path RESOLVER = Path.of("/etc/resolv.conf");
  private static final Path BUBBLEWRAP = Path.of("/usr/bin/bwrap");

  private final Path hidden;
  private final Optional<Path> home;

  // Mutable state, guarded by this
  private Optional<Boolean> walled = Optional.empty();

  /**
   * @param hidden folder that tools may not see, but for their working folder in it
   * @param environment where the home folder is named
   */
  BuildSandbox(Path hidden, Map<String, String> environment) {
    this.hidden = hidden;
    this.home =
        Optional.ofNullable(environment.get("HOME"))
            .map(Path::of)
            .filter(path -> path.getNameCount() > 0 && Files.isDirectory(path));
  }

  /** Whether there is a bubblewrap that works here; found out once. */
  synchronized boolean isWalled() {
    if (walled.isEmpty()) {
      walled = Optional.of(works());
    }
    return walled.get();
  }

  /**
   * The command that runs another one inside the walls.
   *
   * @param shown folders that it sees, also in the home folder
   */
  List<String> wrap(List<String> command, List<Path> shown, Path work) {
    if (!isWalled()) {
      return command;
    }
    List<String> wrapped = new ArrayList<>(List.of(BUBBLEWRAP.toString()));
    wrapped.addAll(List.of("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"));
    wrapped.addAll(List.of("--tmpfs", "/tmp"));
    addWalls(wrapped);
    home.ifPresent(path -> wrapped.addAll(List.of("--tmpfs", path.toString())));
    wrapped.addAll(List.of("--tmpfs", hidden.toString()));
    for (Path folder : shown) {
      wrapped.addAll(List.of("--ro-bind-try", folder.toString(), folder.toString()));
    }
    wrapped.addAll(List.of("--bind", work.toString(), work.toString()));
    wrapped.addAll(List.of("--chdir", work.toString()));
    wrapped.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL"));
    wrapped.addAll(List.of("--die-with-parent", "--new-session", "--"));
    wrapped.addAll(command);
    return wrapped;
  }

  private static void addWalls(List<String> wrapped) {
    for (Path folder : EMPTY) {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        wrapped.addAll(List.of("--tmpfs", folder.toString()));
      }
    }
    for (Path file : BLANK) {
      if (Files.exists(file)) {
        wrapped.addAll(List.of("--ro-bind", "/dev/null", file.toString()));
      }
    }
    // Names of hosts are looked up by a file that may lie in /run.
    try {
      String resolver = RESOLVER.toRealPath().toString();
      wrapped.addAll(List.of("--ro-bind-try", resolver, resolver));
    } catch (IOException e) {
      // There is none, so there is no network either.
    }
  }

  private static boolean works() {
    if (!Files.isExecutable(BUBBLEWRAP)) {
      return false;
    }
    try {
      Process process =
          new ProcessBuilder(
                  BUBBLEWRAP.toString(),
                  "--ro-bind",
                  "/",
                  "/",
                  "--proc",
                  "/proc",
                  "--unshare-pid",
                  "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
