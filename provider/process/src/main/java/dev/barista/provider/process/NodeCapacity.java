package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What replicas may ask for on this node, all together.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryBytes without what is left to the system and the platform
 */
public record NodeCapacity(long cpuMillis, long memoryBytes) {

  /** Left to the system and the platform: a tenth, at least this. */
  private static final long LEAST_RESERVE_BYTES = 512L << 20;

  public NodeCapacity {
    if (cpuMillis < 1 || memoryBytes < 1) {
      throw new IllegalArgumentException(
          "capacity: " + cpuMillis + "m, " + memoryBytes + " bytes (expected: both > 0)");
    }
  }

  /** Of this host. */
  public static NodeCapacity ofHost() {
    return of(Runtime.getRuntime().availableProcessors(), totalMemory(Path.of("/proc/meminfo")));
  }

  static NodeCapacity of(int cores, long totalBytes) {
    long reserve = Math.min(totalBytes / 2, Math.max(LEAST_RESERVE_BYTES, totalBytes / 10));
    return new NodeCapacity(cores * 1_000L, totalBytes - reserve);
  }

  /** Of the machine; the Java heap's doubled bound where the system doesn't tell. */
  private static long totalMemory(Path memInfo) {
    requireNonNull(memInfo, "memInfo");
    try {
      for (String line : Files.readAllLines(memInfo)) {
        if (line.startsWith("MemTotal:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      System.getLogger(NodeCapacity.class.getName())
          .log(System.Logger.Level.DEBUG, "no " + memInfo, e);
    }
    return Runtime.getRuntime().maxMemory() * 2;
  }
}
