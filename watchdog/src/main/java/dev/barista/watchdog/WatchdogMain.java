package dev.barista.watchdog;

import dev.barista.concurrency.GoDuration;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog's command line: nothing for the mode that the environment names, {@code --classic},
 * {@code --run-healthcheck}, {@code --version} (one dash will do, as in Go), and for whoever starts
 * it {@code --java-flags} and {@code --training-run}. Everything else comes from the environment,
 * see {@link ConfigParser}.
 */
public final class WatchdogMain {

  /** The watchdog could not start, or its function's process has ended. */
  private static final int FAILED = 1;

  /** For a fault of the command line or of the environment. */
  private static final int USAGE = 2;

  /** Somebody has deleted the lock file, and who started the watchdog shall start another. */
  private static final int TAKEN_OUT = 3;

  private static final long LOCK_LOOK_MILLIS = 500;

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
    String verb = String.join(" ", arguments).replaceFirst("^--?", "");
    return switch (verb) {
      case "", "classic" -> serve(environment, verb.equals("classic"), err);
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
        err.println("usage: watchdog [--classic | --run-healthcheck | --version]");
        yield USAGE;
      }
    };
  }

  private static int serve(Map<String, String> environment, boolean classic, PrintStream err) {
    var log = new WatchdogLog(new FileOutputStream(FileDescriptor.err), InstantSource.system());
    try {
      FunctionEnvironment function = FunctionEnvironment.of(environment);
      WatchdogConfig config =
          classic
              ? ConfigParser.classic(function.settings())
              : ConfigParser.modern(function.settings());
      Platform.linkInBackground();
      BlockingQueue<String> deaths = new LinkedBlockingQueue<>();
      var server =
          WatchdogServer.start(
              config,
              log,
              loops -> Runners.start(config, function.forProcesses(), log, loops, deaths::add));
      if (Platform.isSupported()) {
        // Calls run as this user: else one could run its code in here, outside its limits.
        Posix.forbidTracing();
      }
      log.line("Listening on " + server.address() + ".");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> stop(server, config.timeouts().healthcheckInterval(), log)));
      end(server, awaitEnd(server, config, deaths), log);
      return FAILED;
    } catch (ConfigException faults) {
      err.println(faults.getMessage());
      return USAGE;
    } catch (IOException | RuntimeException failure) {
      log.line("Could not start: " + failure.getMessage());
      return FAILED;
    } catch (InterruptedException _) {
      return FAILED;
    }
  }

  /** Why the function's process has ended; null if the lock file was deleted. */
  private static @Nullable String awaitEnd(
      WatchdogServer server, WatchdogConfig config, BlockingQueue<String> deaths)
      throws InterruptedException {
    if (!config.options().supervised()) {
      return deaths.take();
    }
    while (true) {
      String death = deaths.poll(LOCK_LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (death != null || server.isTakenOut()) {
        return death;
      }
    }
  }

  /** Not by the way of {@link #stop}, which a signal may have begun already. */
  private static void end(WatchdogServer server, @Nullable String death, WatchdogLog log)
      throws InterruptedException {
    if (death != null) {
      log.line(death);
      server.close();
      Runtime.getRuntime().halt(FAILED);
    }
    log.line("The lock file was deleted: running calls are ended, another replica is to start.");
    server.beginStop();
    server.drain();
    server.close();
    Runtime.getRuntime().halt(TAKEN_OUT);
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
