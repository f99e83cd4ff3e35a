package dev.barista.server.doctor;

import dev.barista.server.launch.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The machine itself: Java, memory, clock, bounds on files. */
final class HostChecks {

  private static final int LEAST_MEMORY_MIB = 512;
  private static final int LEAST_OPEN_FILES = 4_096;

  private HostChecks() {}

  /**
   * @param data data folder; only its disk matters here
   */
  static List<Finding> run(Path data) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(system(System.getProperty("os.name", ""), System.getProperty("os.arch", "")));
    memory(Path.of("/proc/meminfo")).ifPresent(findings::add);
    openFiles(Path.of("/proc/self/limits")).ifPresent(findings::add);
    clock(Instant.now(), Distribution.current()).ifPresent(findings::add);
    return findings;
  }

  private static Finding java() {
    String found =
        System.getProperty("java.version")
            + " ("
            + System.getProperty("java.vendor")
            + "), "
            + System.getProperty("java.home");
    Optional<Path> caches =
        Distribution.current().map(distribution -> distribution.home().resolve("aot"));
    if (caches.isPresent() && !Files.exists(caches.get().resolve("serve.aot"))) {
      return Finding.gap(
          "Java",
          found + ", without ahead-of-time caches",
          "serve takes a second to start and a verb half a second",
          "see training.log beside " + caches.get() + ", and touch pom.xml to build again");
    }
    return Finding.ok("Java", found);
  }

  static Finding system(String name, String arch) {
    return name.equals("Linux")
        ? Finding.ok("system", name + " " + arch)
        : Finding.gap(
            "system",
            name + " " + arch,
            "limits and isolation of functions work on Linux only",
            "use a Linux machine for functions that you don't trust");
  }

  static Optional<Finding> memory(Path memInfo) {
    return line(memInfo, "MemAvailable:")
        .map(
            line -> {
              long mebibytes = Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
              String found = mebibytes + " MiB available";
              return mebibytes >= LEAST_MEMORY_MIB
                  ? Finding.ok("memory", found)
                  : Finding.gap(
                      "memory",
                      found,
                      "the gateway takes 130 MiB, a classic function 60 MiB a replica",
                      "end other programs, or use a larger machine");
            });
  }

  static Optional<Finding> openFiles(Path limits) {
    return line(limits, "Max open files")
        .map(
            line -> {
              String hard =
                  line.replaceFirst("^Max open files\\s+\\S+\\s+", "").split("\\s+", 2)[0];
              boolean enough = hard.equals("unlimited") || Long.parseLong(hard) >= LEAST_OPEN_FILES;
              return enough
                  ? Finding.ok("open files", hard + " allowed")
                  : Finding.gap(
                      "open files",
                      hard + " allowed",
                      "with that many connections further callers wait",
                      "raise the limit: ulimit -n 65536, or LimitNOFILE= of the systemd unit");
            });
  }

  /** A machine that was off for long, or has no battery, wakes up in the past. */
  static Optional<Finding> clock(Instant now, Optional<Distribution> distribution) {
    Instant built;
    try {
      if (distribution.isEmpty()) {
        return Optional.empty();
      }
      built = Files.getLastModifiedTime(distribution.get().home().resolve("built")).toInstant();
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(
        now.isBefore(built)
            ? Finding.gap(
                "clock",
                now + ", before this program was built",
                "certificates don't hold, and the times in logs and callbacks are wrong",
                "set the clock, or let NTP do it")
            : Finding.ok("clock", now.toString()));
  }

  private static Optional<String> line(Path file, String start) {
    try {
      return Files.readAllLines(file).stream().filter(line -> line.startsWith(start)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
