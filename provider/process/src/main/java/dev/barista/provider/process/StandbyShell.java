package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.provider.process.sandbox.ShellQuotes;
import dev.barista.spawn.Child;
import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Posix;
import dev.barista.spawn.SpawnException;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One shell that was started ahead and waits for its command. Every replica begins as a shell, and
 * a call that waits for a replica at zero need not wait for that shell's start too. It is of no
 * function: it has the platform's rights, does nothing until it is told, and ends with the
 * platform, whose end closes its standard input. Thread-safe.
 */
final class StandbyShell implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(StandbyShell.class.getName());

  private static final String WAIT = "IFS= read -r start && exec </dev/null && . \"$start\"";

  /** Of a command that a shell on standby can become: {@code /bin/sh -c SCRIPT NAME ARGUMENT…}. */
  private static final List<String> SHELL = List.of("/bin/sh", "-c");

  private static final int SCRIPT = 2;
  private static final int FIRST_ARGUMENT = 4;

  private final Spawner spawner;

  // Mutable state, guarded by this object
  private @Nullable Child waiting;
  private boolean isStarting;
  private boolean isClosed;

  StandbyShell(Spawner spawner) {
    this.spawner = requireNonNull(spawner, "spawner");
  }

  /** What every replica's first program has; its output is {@link Child#pipe pipe 1}. */
  static Command command(List<String> arguments) {
    return Command.of(arguments)
        .withEnvironment(Environment.of(Map.of("PATH", "/usr/bin:/bin")))
        .withFolder(Path.of("/"))
        .withPipe(1)
        .withSame(2, 1);
  }

  /**
   * Lets the shell on standby become a command.
   *
   * @param start where its text may be written; nobody but the platform may read it
   * @return empty if there is no such shell, or it isn't there any more: nothing was started then
   */
  Optional<Child> become(List<String> line, Path start) throws IOException {
    if (line.size() < FIRST_ARGUMENT
        || !line.subList(0, SHELL.size()).equals(SHELL)
        || start.toString().indexOf('\n') >= 0) {
      return Optional.empty();
    }
    Child shell = take();
    if (shell == null) {
      return Optional.empty();
    }
    try {
      write(start, line);
      Posix.writeText(shell.pipe(0), start + "\n");
      shell.pipe(0).close();
      return Optional.of(shell);
    } catch (ErrnoException e) {
      LOG.log(System.Logger.Level.DEBUG, "the shell on standby was gone", e);
      ProcessLauncher.abandon(shell);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      ProcessLauncher.abandon(shell);
      throw e;
    }
  }

  private static void write(Path start, List<String> line) throws IOException {
    StringBuilder text = new StringBuilder("set --");
    line.subList(FIRST_ARGUMENT, line.size())
        .forEach(argument -> text.append(' ').append(ShellQuotes.quoted(argument)));
    text.append('\n').append(line.get(SCRIPT));
    Files.createFile(
        start, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(start, text);
  }

  /** For tests: the shell that waits. */
  synchronized Optional<Child> waiting() {
    return Optional.ofNullable(waiting);
  }

  private synchronized @Nullable Child take() {
    Child shell = waiting;
    waiting = null;
    return shell;
  }

  /** Starts one if none waits. Returns at once; a failure only makes the next start slower. */
  void refill() {
    synchronized (this) {
      if (isClosed || isStarting || waiting != null) {
        return;
      }
      isStarting = true;
    }
    try {
      spawner.spawn(
          command(List.of("/bin/sh", "-c", WAIT, "barista-standby")).withPipe(0), this::onOutcome);
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "shutting down: no shell on standby any more", e);
    }
  }

  private void onOutcome(Spawner.Outcome outcome) {
    Child unwanted = null;
    synchronized (this) {
      isStarting = false;
      switch (outcome) {
        case Spawner.Outcome.Started(Child child) when isClosed -> unwanted = child;
        case Spawner.Outcome.Started(Child child) -> waiting = child;
        case Spawner.Outcome.Failed(SpawnException reason) ->
            LOG.log(System.Logger.Level.DEBUG, "no shell on standby", reason);
      }
    }
    if (unwanted != null) {
      ProcessLauncher.abandon(unwanted);
    }
  }

  @Override
  public void close() {
    Child shell;
    synchronized (this) {
      isClosed = true;
      shell = take();
    }
    if (shell != null) {
      ProcessLauncher.abandon(shell);
    }
  }
}
