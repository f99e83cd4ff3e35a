package dev.barista.watchdog;

import dev.barista.spawn.Child;
import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.FdLoop;
import dev.barista.spawn.Signals;
import dev.barista.spawn.Spawner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one process of mode http, with its stdin open and its output in the log. Thread-safe.
 *
 * <p>It isn't reaped before the watchdog ends: so its group can still be signalled when it has put
 * itself into the background and exited, and the background ends with the watchdog.
 */
final class FunctionProcess implements AutoCloseable {

  private final WatchdogLog log;
  private final Duration patience;
  private final ChildLogs childLogs;
  private final Spawner spawner;
  private final FdLoop loop;
  private final Child child;
  private final CountDownLatch exited = new CountDownLatch(1);

  // Mutable state
  private volatile boolean stopping;

  /**
   * @param died told the reason if the process ends unasked with anything but success
   * @throws dev.barista.spawn.SpawnException if it can't be started
   */
  FunctionProcess(
      WatchdogConfig config,
      Environment environment,
      ChildLogs childLogs,
      WatchdogLog log,
      Consumer<String> died) {
    this.log = log;
    this.patience = config.timeouts().write();
    this.childLogs = childLogs;
    this.spawner = Spawner.start("watchdog-spawner");
    this.loop = FdLoop.start("watchdog-process");
    config.calls().enter(spawner);
    Command command =
        Command.of(config.command()).withEnvironment(environment).withPipe(Forks.STDIN);
    command = childLogs.attach(childLogs.attach(command, Forks.STDOUT), Forks.STDERR);
    this.child = spawner.spawn(config.calls().place(command));
    childLogs.follow(child, Forks.STDOUT);
    childLogs.follow(child, Forks.STDERR);
    loop.onExit(child, () -> ended(died));
  }

  /** False also for one that has put itself into the background. */
  boolean isRunning() {
    return exited.getCount() > 0;
  }

  /** Asks it to end. */
  void beginStop() {
    stopping = true;
    child.signal(Signals.SIGTERM);
  }

  /** Gives it time to end if it was asked to, then kills it and what it started. */
  @Override
  public void close() {
    try {
      if (stopping && !exited.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        log.line("Killed process: it ignores SIGTERM, write_timeout has passed.");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    stopping = true;
    child.signalGroup(Signals.SIGKILL);
    awaitEnd();
    child.waitFor(Duration.ofSeconds(1));
    child.pidFd().close();
    child.pipe(Forks.STDIN).close();
    spawner.close();
    loop.close();
    childLogs.close();
  }

  private void awaitEnd() {
    try {
      var _ = exited.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ended(Consumer<String> died) {
    exited.countDown();
    if (stopping) {
      return;
    }
    ExitStatus status = child.peek().orElseThrow();
    if (status.isSuccess()) {
      log.line("fprocess has ended with exit status 0; calls go to whoever listens now.");
    } else {
      died.accept("Forked function has terminated: " + status.describe());
    }
  }
}
