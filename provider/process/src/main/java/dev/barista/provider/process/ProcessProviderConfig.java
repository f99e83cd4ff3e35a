package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.provider.process.log.LogLimits;
import dev.barista.provider.process.sandbox.IsolationRequest;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Settings of the process provider.
 *
 * @param dataFolder of the platform; exists, belongs to its user
 * @param capacity what replicas may ask for together
 * @param gatewayUrl what functions find in {@code BARISTA_GATEWAY_URL}; asked when one is deployed
 * @param standbySandboxes how many functions at zero have a sandbox that waits for their next call
 * @param release version for {@code /system/info}
 * @param sha commit for {@code /system/info}
 */
public record ProcessProviderConfig(
    Path dataFolder,
    Confinement confinement,
    NodeCapacity capacity,
    LogLimits logs,
    Patience patience,
    WatchdogLauncher watchdog,
    Supplier<String> gatewayUrl,
    int standbySandboxes,
    String release,
    String sha) {

  public static final int DEFAULT_STANDBY_SANDBOXES = 8;

  public ProcessProviderConfig {
    dataFolder = dataFolder.toAbsolutePath().normalize();
    requireNonNull(confinement, "confinement");
    requireNonNull(capacity, "capacity");
    requireNonNull(logs, "logs");
    requireNonNull(patience, "patience");
    requireNonNull(watchdog, "watchdog");
    requireNonNull(gatewayUrl, "gatewayUrl");
    if (standbySandboxes < 0) {
      throw new IllegalArgumentException(
          "standbySandboxes: " + standbySandboxes + " (expected: 0 or more)");
    }
    requireNonNull(release, "release");
    requireNonNull(sha, "sha");
  }

  /** This host's whole capacity, the strongest isolation, and defaults for the rest. */
  public static ProcessProviderConfig of(
      Path dataFolder, WatchdogLauncher watchdog, Supplier<String> gatewayUrl) {
    return new ProcessProviderConfig(
        dataFolder,
        Confinement.DEFAULT,
        NodeCapacity.ofHost(),
        LogLimits.DEFAULT,
        Patience.DEFAULT,
        watchdog,
        gatewayUrl,
        DEFAULT_STANDBY_SANDBOXES,
        "dev",
        "unknown");
  }

  public ProcessProviderConfig withDataFolder(Path replaced) {
    return new ProcessProviderConfig(
        replaced,
        confinement,
        capacity,
        logs,
        patience,
        watchdog,
        gatewayUrl,
        standbySandboxes,
        release,
        sha);
  }

  public ProcessProviderConfig withConfinement(Confinement replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        replaced,
        capacity,
        logs,
        patience,
        watchdog,
        gatewayUrl,
        standbySandboxes,
        release,
        sha);
  }

  public ProcessProviderConfig withIsolation(IsolationRequest replaced) {
    return withConfinement(confinement.withIsolation(replaced));
  }

  public ProcessProviderConfig withCapacity(NodeCapacity replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        confinement,
        replaced,
        logs,
        patience,
        watchdog,
        gatewayUrl,
        standbySandboxes,
        release,
        sha);
  }

  public ProcessProviderConfig withLogs(LogLimits replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        confinement,
        capacity,
        replaced,
        patience,
        watchdog,
        gatewayUrl,
        standbySandboxes,
        release,
        sha);
  }

  public ProcessProviderConfig withPatience(Patience replaced) {
    return new ProcessProviderConfig(
        dataFolder,
        confinement,
        capacity,
        logs,
        replaced,
        watchdog,
        gatewayUrl,
        standbySandboxes,
        release,
        sha);
  }
}
