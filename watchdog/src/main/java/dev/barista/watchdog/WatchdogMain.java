package dev.barista.watchdog;

import dev.barista.spawn.Platform;
import dev.barista.spawn.Posix;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The watchdog's command line: {@code --classic}, {@code --run-healthcheck}, {@code --version} (one
 * dash will do, as in Go), and for whoever starts it {@code --java-flags} and {@code
 * --training-run}. Everything else comes from the environment, see {@link ConfigParser}.
 */
public final class WatchdogMain {

  /** For a fault of the command line or of the environment. */
  private static final int USAGE = 2;

  private WatchdogMain() {}

  /** Ends the JVM with the exit code of {@link #run}. */
  public static void main(String[] args) {
    System.exit(run(Arrays.asList(args), System.getenv(), System.out, System.err));
  }

  /**
   * Runs until the JVM is told to stop (SIGTERM, SIGINT), if the arguments say so.
   *
   * @return the exit code, when there is nothing to run or it can't be run
   */
  public static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    String verb = arguments.size() == 1 ? arguments.getFirst().replaceFirst("^--?", "") : "";
    return switch (verb) {
      case "classic" -> serve(environment, err);
      case "run-healthcheck" -> runHealthcheck(environment, err);
      case "version" -> {
        out.println("barista watchdog " + version());
        yield 0;
      }
      case "java-flags" -> {
        out.println(String.join(" ", WatchdogLaunch.flags()));
        yield 0;
      }
      case "training-run" -> TrainingRun.run(environment, err);
      default -> {
        err.println("usage: watchdog --classic | --run-healthcheck | --version");
        yield USAGE;
      }
    };
  }

  private static int serve(Map<String, String> environment, PrintStream err) {
    var log = new WatchdogLog(new FileOutputStream(FileDescriptor.err), InstantSource.system());
    try {
      FunctionEnvironment function = FunctionEnvironment.of(environment);
      WatchdogConfig config = ConfigParser.classic(function.settings());
      Platform.linkInBackground();
      var server =
          WatchdogServer.start(
              config, log, () -> new ClassicRunner(config, function.forProcesses(), log));
      // Calls run as this user: else one could run its code in here, outside its limits.
      Posix.forbidTracing();
      log.line("Listening on " + server.address() + ".");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> stop(server, config.timeouts().healthcheckInterval(), log)));
      new CountDownLatch(1).await();
      return 0;
    } catch (ConfigException faults) {
      err.println(faults.getMessage());
      return USAGE;
    } catch (IOException | RuntimeException failure) {
      log.line("Could not start: " + failure.getMessage());
      return 1;
    } catch (InterruptedException _) {
      return 1;
    }
  }

  /**
   * In the order that load balancers rely on: tell that it is going, take calls until they have
   * noticed, then end what runs. Ends the JVM itself: after a signal its own exit code is not 0.
   */
  private static void stop(WatchdogServer server, Duration healthcheckInterval, WatchdogLog log) {
    try {
      log.line(
          "Stopping: no longer healthy, calls are taken for "
              + GoDuration.show(healthcheckInterval)
              + ".");
      server.beginStop();
      Thread.sleep(healthcheckInterval);
      server.drain();
    } catch (InterruptedException _) {
      // Nobody interrupts a shutdown hook; going on to the end is right in any case.
    } finally {
      server.close();
      Runtime.getRuntime().halt(0);
    }
  }

  private static int runHealthcheck(Map<String, String> environment, PrintStream err) {
    if (Files.exists(ConfigParser.lockFile(environment))) {
      return 0;
    }
    err.println("unable to find lock file.");
    return 1;
  }

  private static String version() {
    String version = WatchdogMain.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }
}
