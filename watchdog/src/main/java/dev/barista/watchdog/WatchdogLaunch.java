package dev.barista.watchdog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a watchdog is started so that it is ready soon and stays small. Whoever starts one (the
 * process provider, the launcher, an image) takes its command line from here.
 *
 * <p>Measured on 2 cores (2026-11-22), exec to the first health answer and resident memory then:
 * see docs/adr/0004.
 */
public final class WatchdogLaunch {

  private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  /**
   * One collector thread, the quick compiler only, a small heap, as answers are spooled; with less
   * than 8 MB of it at the start the cache's objects don't fit, and the JVM ends. Methods of 28 to
   * 35 bytes are not inlined, as the compiler would keep 3 MB that it needs for that. Netty is kept
   * from what costs more at start than it can gain here: flight recorder events, its own foreign
   * linking of malloc in place of Unsafe (of which Java 25 would warn), the search for a network
   * card to make identifiers of, leak detection.
   */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          QUICK_COMPILER,
          "-Xms8m",
          "-Xmx32m",
          "-Xmn3m",
          "-Xss256k",
          "-XX:MaxDirectMemorySize=48m",
          "-XX:ReservedCodeCacheSize=16m",
          "-XX:C1MaxInlineSize=28",
          "-XX:StringTableSize=2048",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djdk.virtualThreadScheduler.parallelism=2",
          "-Dio.netty.noUnsafe=false",
          "-Dio.netty.jfr.enabled=false",
          "-Dio.netty.leakDetection.level=disabled",
          "-Dio.netty.machineId=00:00:00:00:00:00:00:01",
          "-Dio.netty.processId=1",
          "-Dio.netty.tryReflectionSetAccessible=false");

  private WatchdogLaunch() {}

  /** What stands before the class path. */
  public static List<String> flags() {
    return FLAGS;
  }

  /**
   * The arguments of {@code java}, from the first flag to the main class; {@code --classic}
   * follows.
   *
   * @param aotCache made by {@link #training}, for this class path and this JDK; without one the
   *     start takes about twice as long
   */
  public static List<String> arguments(String classPath, Optional<Path> aotCache) {
    return flags(classPath, aotCache.map(cache -> "-XX:AOTCache=" + cache));
  }

  /**
   * {@link #arguments} as {@code java @FILE} takes them: for the launcher, which starts a watchdog
   * that stands alone. There many calls may share one, so it may compile them well.
   */
  public static String argumentFile(String classPath, Optional<Path> aotCache) {
    return arguments(classPath, aotCache).stream()
        .filter(argument -> !argument.equals(QUICK_COMPILER))
        .map(argument -> "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
        .collect(Collectors.joining());
  }

  /** The arguments of the {@code java} that makes the cache, and then ends. */
  public static List<String> training(String classPath, Path aotCache) {
    List<String> arguments =
        new ArrayList<>(flags(classPath, Optional.of("-XX:AOTCacheOutput=" + aotCache)));
    // What a compiler would learn from it takes 1 MB of each replica, and C1 doesn't use it.
    arguments.addAll(0, List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining"));
    arguments.add("--training-run");
    return List.copyOf(arguments);
  }

  private static List<String> flags(String classPath, Optional<String> cache) {
    List<String> arguments = new ArrayList<>(FLAGS);
    cache.ifPresent(arguments::add);
    arguments.addAll(List.of("-cp", classPath, WatchdogMain.class.getName()));
    return List.copyOf(arguments);
  }
}
