package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.provider.process.log.LogLimits;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.ProcessLimits;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Settings of the process provider.
 *
 * @param dataFolder of the platform; exists, belongs to its user
 * @param capacity what replicas may ask for together
 * @param limits of each process
 * @param processesPerReplica processes and threads at a time
 * @param processesTogether of all replicas
 * @param gatewayUrl what functions find in {@code BARISTA_GATEWAY_URL}; asked when one is deployed
 * @param release version for {@code /system/info}
 * @param sha commit for {@code /system/info}
 */
public record ProcessProviderConfig(
    Path dataFolder,
    IsolationRequest isolation,
    NodeCapacity capacity,
    ProcessLimits limits,
    int processesPerReplica,
    int processesTogether,
    LogLimits logs,
    Patience patience,
    WatchdogLauncher watchdog,
    Supplier<String> gatewayUrl,
    String release,
    String sha) {

  public static final int DEFAULT_PROCESSES_PER_REPLICA = 512;
  public static final int DEFAULT_PROCESSES_TOGETHER = 16_384;

  public ProcessProviderConfig {
    dataFolder = dataFolder.toAbsolutePath().normalize();
    requireNonNull(isolation, "isolation");
    requireNonNull(capacity, "capacity");
    requireNonNull(limits, "limits");
    requireNonNull(logs, "logs");
    requireNonNull(patience, "patience");
    requireNonNull(watchdog, "watchdog");
    requireNonNull(gatewayUrl, "gatewayUrl");
    requireNonNull(release, "release");
    requireNonNull(sha, "sha");
    if (processesPerReplica < 1 || processesTogether < processesPerReplica) {
      throw new IllegalArgumentException(
          "processesPerReplica: %d, processesTogether: %d (expected: 1 <= per replica <= together)"
              .formatted(processesPerReplica, processesTogether));
    }
  }

  /** This host's whole capacity, the strongest isolation, and defaults for the rest. */
  public static ProcessProviderConfig of(
      Path dataFolder, WatchdogLauncher watchdog, Supplier<String> gatewayUrl) {
    return new ProcessProviderConfig(
        dataFolder,
        IsolationRequest.AUTO,
        NodeCapacity.ofHost(),
        ProcessLimits.DEFAULT,
        DEFAULT_PROCESSES_PER_REPLICA,
        DEFAULT_PROCESSES_TOGETHER,
        LogLimits.DEFAULT,
        Patience.DEFAULT,
        watchdog,
        gatewayUrl,
        "dev",
        "unknown");
  }

  public ProcessProviderConfig withIsolation(IsolationRequest replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        replaced,
        capacity,
        limits,
        processesPerReplica,
        processesTogether,
        logs,
        patience,
        watchdog,
        gatewayUrl,
        release,
        sha);
  }

  public ProcessProviderConfig withCapacity(NodeCapacity replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        isolation,
        replaced,
        limits,
        processesPerReplica,
        processesTogether,
        logs,
        patience,
        watchdog,
        gatewayUrl,
        release,
        sha);
  }

  public ProcessProviderConfig withPatience(Patience replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        isolation,
        capacity,
        limits,
        processesPerReplica,
        processesTogether,
        logs,
        replaced,
        watchdog,
        gatewayUrl,
        release,
        sha);
  }
}
