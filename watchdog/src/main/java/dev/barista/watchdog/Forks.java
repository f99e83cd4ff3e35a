package dev.barista.watchdog;

import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import dev.barista.spawn.Spawner;

/** What the modes with a process per call share: how to start one, and who watches it. */
final class Forks implements AutoCloseable {

  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;

  private static final int SPAWNING_THREADS = 2;

  private final WatchdogConfig config;
  private final Environment environment;
  private final ChildLogs childLogs;
  private final Spawner spawner;
  private final FdLoop loop;

  /**
   * @param environment what every call's process has, besides the request's variables
   */
  Forks(WatchdogConfig config, Environment environment, ChildLogs childLogs) {
    this.config = config;
    this.environment = environment;
    this.childLogs = childLogs;
    this.spawner = Spawner.start("watchdog-spawner", SPAWNING_THREADS);
    this.loop = FdLoop.start("watchdog-pipes");
    config.calls().enter(spawner);
  }

  Spawner spawner() {
    return spawner;
  }

  FdLoop loop() {
    return loop;
  }

  ChildLogs childLogs() {
    return childLogs;
  }

  /** A process with stdin and stdout as pipes; without input stdin is empty. */
  Command command(Environment variables, boolean hasInput) {
    Command command = Command.of(config.command()).withEnvironment(variables).withPipe(STDOUT);
    command = withStderr(command);
    return config.calls().place(hasInput ? command.withPipe(STDIN) : command);
  }

  private Command withStderr(Command command) {
    if (config.options().combineOutput()) {
      return command.withSame(STDERR, STDOUT);
    }
    return config.mode().isClassic()
        ? command.withFd(STDERR, Fd.adopt(STDERR))
        : childLogs.attach(command, STDERR);
  }

  /**
   * @throws IllegalArgumentException with a sentence for the client
   */
  Environment variables(Call call) {
    return config.options().cgiHeaders()
        ? environment.plusBytes(RequestVariables.of(call, config.mode().isClassic()))
        : environment;
  }

  @Override
  public void close() {
    spawner.close();
    loop.close();
    childLogs.close();
  }
}
