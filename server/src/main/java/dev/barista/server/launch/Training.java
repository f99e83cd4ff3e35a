package dev.barista.server.launch;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.barista.cli.ExitCode;
import dev.barista.cli.gateway.LocalGateway;
import dev.barista.server.BaristaMain;
import dev.barista.watchdog.WatchdogLaunch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes the ahead-of-time caches; called by the launcher. This JVM itself is the training run of
 * {@code serve}: it starts the platform with a stack file in a temporary folder, lets another JVM
 * run the client verbs against it, which is the training run of these, and ends. A third is the
 * watchdog's. It ends with the launcher ({@code BARISTA_LAUNCHER} is its process id), and by itself
 * in any case, so that nothing is left running when the launcher is killed.
 */
final class Training {

  private static final long MAX_SECONDS = 120;
  private static final long POLL_MILLIS = 50;

  private Training() {}

  /**
   * Arguments: the folder of the caches, an empty folder to work in, the JVM flags of the client
   * verbs.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path caches = Path.of(arguments[0]);
    Path work = Path.of(arguments[1]);
    List<String> clientFlags = Arrays.asList(arguments).subList(2, arguments.length);
    endInTime();
    endWithLauncher(System.getenv().getOrDefault("BARISTA_LAUNCHER", ""));
    Distribution distribution = Distribution.current().orElseThrow();

    Path watchdog = caches.resolve("watchdog.aot");
    run(work, WatchdogLaunch.training(classPath(distribution), watchdog));
    Files.writeString(
        caches.resolve("watchdog.args"),
        WatchdogLaunch.argumentFile(
            classPath(distribution), Optional.of(watchdog).filter(Files::isRegularFile)));
    Path data = work.resolve("data");
    Path stack = stack(Files.createDirectories(work.resolve("with")));
    Thread.ofPlatform().name("serve").daemon().start(() -> serve(data, stack));
    while (LocalGateway.find(data).isEmpty()) {
      MILLISECONDS.sleep(POLL_MILLIS);
    }
    run(Files.createDirectory(work.resolve("project")), client(caches, clientFlags));
    System.exit(ExitCode.OK);
  }

  private static String classPath(Distribution distribution) throws IOException {
    return distribution.watchdogClassPath().stream()
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What {@code --with} needs is half of a start that has it. */
  private static Path stack(Path folder) throws IOException {
    Files.writeString(
        Files.createDirectory(folder.resolve("trained")).resolve("handler.py"),
        "def handle(req):\n    return req\n");
    return Files.writeString(
        folder.resolve("stack.yml"),
        """
        version: 1.0
        provider:
          name: openfaas
        functions:
          trained:
            lang: python3
            handler: ./trained
            labels:
              com.openfaas.scale.max: "2"
          trained-program:
            skip_build: true
            image: functions/alpine:latest
            fprocess: cat
        """);
  }

  /** Comes back, with the whole JVM, only when it could not start. */
  private static void serve(Path data, Path stack) {
    BaristaMain.main(
        new String[] {
          "serve",
          "--port",
          "0",
          "--metrics-port",
          "0",
          "--cgroups",
          "own",
          "--with",
          stack.toString(),
          "--data",
          data.toString()
        });
  }

  private static List<String> client(Path caches, List<String> flags) {
    List<String> arguments = new ArrayList<>(flags);
    arguments.add("-XX:AOTCacheOutput=" + caches.resolve("client.aot"));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of(BaristaMain.class.getName(), "warm-up"));
    return arguments;
  }

  private static void run(Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Distribution.javaExecutable().toString());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    if (process.waitFor() != ExitCode.OK) {
      System.err.println("training: exit code " + process.exitValue() + " of " + command);
    }
  }

  private static void endInTime() {
    Thread.ofPlatform()
        .name("training-end")
        .daemon()
        .start(
            () -> {
              try {
                SECONDS.sleep(MAX_SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              giveUp();
            });
  }

  private static void endWithLauncher(String pid) {
    if (pid.isEmpty()) {
      return;
    }
    Thread.ofPlatform()
        .name("training-launcher")
        .daemon()
        .start(
            () -> {
              ProcessHandle.of(Long.parseLong(pid)).ifPresent(launcher -> launcher.onExit().join());
              giveUp();
            });
  }

  private static void giveUp() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(ExitCode.FAILED);
  }
}
