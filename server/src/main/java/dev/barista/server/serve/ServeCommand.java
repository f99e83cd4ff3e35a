package dev.barista.server.serve;

import dev.barista.api.FaasException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.server.config.ConfigException;
import dev.barista.server.config.ServeConfig;
import dev.barista.server.config.ServeConfigReader;
import dev.barista.server.config.ServeHelp;
import dev.barista.server.log.PlatformLog;
import dev.barista.state.StateException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code barista serve}: starts the platform, says so, and stays until the process is told to end.
 * SIGTERM and SIGINT drain: calls in flight finish, replicas end, exit code 0.
 */
public final class ServeCommand {

  private static final System.Logger LOG = System.getLogger(ServeCommand.class.getName());

  private ServeCommand() {}

  /**
   * Returns only when there is nothing to serve: help, a fault, a start that failed.
   *
   * @param arguments after {@code serve}
   * @return the exit code
   */
  public static int run(Terminal terminal, List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(ServeHelp.text());
      terminal.out().flush();
      return ExitCode.OK;
    }
    try {
      serve(terminal, ServeConfigReader.read(arguments, terminal.environment()));
      return ExitCode.OK;
    } catch (ConfigException e) {
      e.faults().forEach(fault -> terminal.err().println("barista serve: " + fault));
      return ExitCode.USAGE;
    } catch (ServeException | StateException | FaasException e) {
      terminal.err().println("barista serve: " + e.getMessage());
      LOG.log(System.Logger.Level.DEBUG, "the start failed", e);
      return ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private static void serve(Terminal terminal, ServeConfig config) throws InterruptedException {
    PlatformLog.configure(config.log().format(), config.log().level());
    enterOwnGroup(terminal, config);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " failed", failure));
    ShutdownStack started = new ShutdownStack();
    Thread end = Thread.ofPlatform().name("shutdown").unstarted(() -> end(started));
    Runtime.getRuntime().addShutdownHook(end);
    try {
      Platform platform = new Platform(config, terminal.environment(), started);
      platform.start(line -> PlatformLog.announce(terminal.out(), line));
      new CountDownLatch(1).await();
    } catch (Throwable e) {
      // A start that failed ends what it had started, and keeps its own exit code.
      if (removed(end)) {
        started.close();
      }
      throw e;
    }
  }

  /**
   * Before anything is opened, since it may start this process once more. What it can't have is
   * told with the other warnings of the start.
   */
  private static void enterOwnGroup(Terminal terminal, ServeConfig config) {
    switch (config.replicas().cgroups()) {
      case AUTO -> OwnGroup.enter(terminal);
      case OWN, NONE -> {
        // it stays where it is
      }
    }
  }

  private static boolean removed(Thread end) {
    try {
      return Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException e) { // the JVM is ending already, and runs it
      return false;
    }
  }

  /** The JVM would leave with 143 after SIGTERM; a platform that ended in order leaves with 0. */
  private static void end(ShutdownStack started) {
    started.close();
    Runtime.getRuntime().halt(ExitCode.OK);
  }
}
