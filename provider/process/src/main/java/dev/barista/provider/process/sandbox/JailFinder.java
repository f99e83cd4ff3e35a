package dev.barista.provider.process.sandbox;

import static java.util.Objects.requireNonNull;

import dev.barista.spawn.Child;
import dev.barista.spawn.Command;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.Fd;
import dev.barista.spawn.Posix;
import dev.barista.spawn.Signals;
import dev.barista.spawn.SpawnException;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds the isolation that works here, by running a program in it once. Blocks, so not for a
 * virtual thread.
 */
public final class JailFinder {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int TRIAL_PROCESSES = 64;
  private static final String ASKED_FOR = "asked for";

  private final Tools tools;
  private final boolean root;
  private final Spawner spawner;
  private final Path folder;
  private final Path shared;
  private final Preparation beforeUser;

  /** Lets other users reach their files. */
  @FunctionalInterface
  public interface Preparation {
    void run() throws IOException;
  }

  /** What was found. */
  public sealed interface Found {
    /**
     * @param note why it is no stronger level; empty for the strongest
     */
    record Works(Jail jail, String note) implements Found {}

    /**
     * The level that the user insists on doesn't work.
     *
     * @param reason one sentence with what to do
     */
    record Refused(String reason) implements Found {}
  }

  /** Whether one level works. */
  private sealed interface Trial {
    record Works(Jail jail) implements Trial {}

    record Fails(String reason) implements Trial {}
  }

  /**
   * @param folder of the platform's own, for the trial
   * @param shared of the platform's own, kept, for what many sandboxes see
   * @param beforeUser what level user needs before its trial
   */
  public JailFinder(
      Tools tools,
      boolean root,
      Spawner spawner,
      Path folder,
      Path shared,
      Preparation beforeUser) {
    this.tools = requireNonNull(tools, "tools");
    this.root = root;
    this.spawner = requireNonNull(spawner, "spawner");
    this.folder = requireNonNull(folder, "folder");
    this.shared = requireNonNull(shared, "shared");
    this.beforeUser = requireNonNull(beforeUser, "beforeUser");
  }

  /**
   * @param user a uid for the trial, which no function has
   */
  public Found find(IsolationRequest request, int user) {
    return switch (request) {
      case NONE -> new Found.Works(new PlainJail(tools.setpriv()), ASKED_FOR);
      case SANDBOX -> insisted(sandbox(user));
      case USER -> insisted(user(user));
      case AUTO -> strongest(user);
    };
  }

  private static Found insisted(Trial trial) {
    return switch (trial) {
      case Trial.Works(Jail jail) -> new Found.Works(jail, ASKED_FOR);
      case Trial.Fails(String reason) -> new Found.Refused(reason);
    };
  }

  private Found strongest(int user) {
    return switch (sandbox(user)) {
      case Trial.Works(Jail jail) -> new Found.Works(jail, "");
      case Trial.Fails(String noSandbox) ->
          switch (user(user)) {
            case Trial.Works(Jail jail) -> new Found.Works(jail, noSandbox);
            case Trial.Fails(String noUser) ->
                new Found.Works(new PlainJail(tools.setpriv()), noSandbox + "; " + noUser);
          };
    };
  }

  private Trial sandbox(int user) {
    if (tools.bubblewrap().isEmpty()) {
      return new Trial.Fails(
          "isolation 'sandbox' needs bubblewrap (bwrap): install the package bubblewrap");
    }
    if (root && tools.setpriv().isEmpty()) {
      return new Trial.Fails(
          "isolation 'sandbox' as root needs setpriv: install the package util-linux");
    }
    Path bubblewrap = tools.bubblewrap().get();
    try {
      return trial(
          new SandboxJail(
              bubblewrap,
              tools.setpriv().filter(_ -> root),
              EtcFolder.open(shared.resolve("etc"), root),
              UserNames.open(shared.resolve("names"))),
          user);
    } catch (IOException e) {
      return new Trial.Fails("isolation 'sandbox' doesn't work here: " + e);
    }
  }

  private Trial user(int user) {
    if (!root) {
      return new Trial.Fails("isolation 'user' needs root");
    }
    if (tools.setpriv().isEmpty()) {
      return new Trial.Fails("isolation 'user' needs setpriv: install the package util-linux");
    }
    try {
      beforeUser.run();
    } catch (IOException e) {
      return new Trial.Fails("isolation 'user' doesn't work here: " + e.getMessage());
    }
    return switch (trial(new UserJail(tools.setpriv().get()), user)) {
      case Trial.Works works -> works;
      case Trial.Fails(String reason) ->
          new Trial.Fails(
              reason
                  + " (it needs a data folder that other users can pass to, such as one below"
                  + " /var/lib: --data)");
    };
  }

  private Trial trial(Jail jail, int user) {
    ReplicaFolders folders = new ReplicaFolders(folder.resolve("trial"));
    folders.remove();
    OptionalInt id = root ? OptionalInt.of(user) : OptionalInt.empty();
    JailSpec spec =
        new JailSpec(
            folders.root().resolve("tree"),
            List.of(),
            folders,
            id,
            ProcessLimits.DEFAULT,
            TRIAL_PROCESSES,
            "trial",
            List.of(),
            Optional.empty(),
            List.of("/bin/sh", "-c", "cat file > \"$TMPDIR/copy\""),
            /* standsBy= */ false);
    try {
      folders.make(id, Map.of("TMPDIR", jail.tmp(folders).toString()), jail.hasOwnTmp());
      makeTree(spec.tree());
      jail.prepare(spec);
      Path output = folders.root().resolve("output");
      Optional<ExitStatus> ended;
      try (Fd log = Posix.openForAppending(output, 0600);
          Child child =
              spawner.spawn(
                  Command.of(jail.commandLine(spec, Map.of())).withFd(1, log).withFd(2, log))) {
        ended = child.waitFor(PATIENCE);
        if (ended.isEmpty()) {
          child.signalGroup(Signals.SIGKILL);
          child.waitFor(PATIENCE);
        }
      }
      return ended.isPresent() && ended.get().isSuccess()
          ? new Trial.Works(jail)
          : new Trial.Fails(
              "isolation '%s' doesn't work here: %s"
                  .formatted(jail.level().wireName(), firstLine(output)));
    } catch (IOException | SpawnException e) {
      return new Trial.Fails(
          "isolation '%s' doesn't work here: %s"
              .formatted(jail.level().wireName(), e.getMessage()));
    } finally {
      folders.remove();
    }
  }

  private static void makeTree(Path tree) throws IOException {
    Files.createDirectory(tree);
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.createFile(tree.resolve("file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static String firstLine(Path output) throws IOException {
    return Files.readString(output).lines().findFirst().orElse("its trial failed without a word");
  }
}
