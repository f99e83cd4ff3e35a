package dev.barista.provider.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to start the watchdog that drives a function with a process per call, or none.
 *
 * @param java executable of a JDK 25, or of a runtime image
 * @param javaHome what a sandbox must show so that it starts
 * @param classPath jars and folders, in order
 * @param flags for the JVM, such as heap size; the AOT cache has its own place
 * @param aotCache made with this class path and these flags
 */
public record WatchdogLauncher(
    Path java, Path javaHome, List<Path> classPath, List<String> flags, Optional<Path> aotCache) {

  private static final String MAIN_CLASS = "dev.barista.watchdog.WatchdogMain";

  public WatchdogLauncher {
    classPath = List.copyOf(classPath);
    flags = List.copyOf(flags);
    if (classPath.isEmpty()) {
      throw new IllegalArgumentException("classPath: empty (expected: the watchdog's jars)");
    }
  }

  List<String> command(boolean classic) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(flags);
    aotCache.ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    command.add("-cp");
    command.add(String.join(":", classPath.stream().map(Path::toString).toList()));
    command.add(MAIN_CLASS);
    if (classic) {
      command.add("--classic");
    }
    return command;
  }

  /** What a sandbox must show. */
  List<Path> readable() {
    List<Path> paths = new ArrayList<>();
    paths.add(javaHome);
    paths.addAll(classPath);
    aotCache.ifPresent(paths::add);
    return paths;
  }
}
