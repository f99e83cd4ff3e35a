package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the tools of builds may take of the host.
 *
 * @param memoryBytes of one build, and of all that this process runs at a time
 * @param time of one run of a tool
 */
public record BuildLimits(long memoryBytes, Duration time) {

  /** Unless something else is said. */
  public static final Duration TIME = Duration.ofMinutes(10);

  public BuildLimits {
    requireNonNull(time, "time");
    if (memoryBytes < 1) {
      throw new IllegalArgumentException("memoryBytes: " + memoryBytes + " (expected: > 0)");
    }
  }

  /** Half of the host's memory: the other half is for functions, and for the person at the host. */
  public static long halfOfMemory() {
    return halfOfMemory(Path.of("/proc/meminfo"));
  }

  /** Twice the Java heap's bound is the memory's half where the system doesn't tell. */
  static long halfOfMemory(Path memInfo) {
    try {
      for (String line : Files.readAllLines(memInfo)) {
        if (line.startsWith("MemTotal:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 2;
        }
      }
    } catch (IOException e) {
      System.getLogger(BuildLimits.class.getName())
          .log(System.Logger.Level.DEBUG, "no " + memInfo, e);
    }
    return Runtime.getRuntime().maxMemory() * 2;
  }

  /** For a sentence, such as {@code 12 GiB}; rounded down. */
  String memoryText() {
    long mebibytes = memoryBytes >> 20;
    return mebibytes >= 10_240 ? (mebibytes >> 10) + " GiB" : mebibytes + " MiB";
  }
}
