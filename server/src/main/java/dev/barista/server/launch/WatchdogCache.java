package dev.barista.server.launch;

import dev.barista.watchdog.WatchdogLaunch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes the watchdog's ahead-of-time cache, with the class path and the flags that replicas will
 * have: called by the launcher, since only the program knows these.
 */
final class WatchdogCache {

  private WatchdogCache() {}

  /** One argument: the file to make. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Distribution distribution = Distribution.current().orElseThrow();
    String classPath =
        distribution.watchdogClassPath().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Distribution.javaExecutable().toString());
    command.addAll(WatchdogLaunch.training(classPath, Path.of(arguments[0])));
    System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
