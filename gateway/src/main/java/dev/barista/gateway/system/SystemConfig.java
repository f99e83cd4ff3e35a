package dev.barista.gateway.system;

import static java.util.Objects.requireNonNull;

import dev.barista.api.wire.SystemInfo;

/**
 * Settings of the REST API.
 *
 * @param defaultNamespace of a function whose client names none
 * @param maxReplicas most replicas that one function may have
 * @param version of the gateway, for {@code /system/info}
 */
public record SystemConfig(String defaultNamespace, int maxReplicas, SystemInfo.Version version) {
  public SystemConfig {
    requireNonNull(defaultNamespace, "defaultNamespace");
    requireNonNull(version, "version");
    if (maxReplicas < 1) {
      throw new IllegalArgumentException("maxReplicas: " + maxReplicas + " (expected: >= 1)");
    }
  }
}
