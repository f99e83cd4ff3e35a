package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

/**
 * Name and version, as {@code /system/info} shows them.
 *
 * @param name such as {@code barista-process}
 * @param orchestration such as {@code process}, {@code docker}, {@code kubernetes}
 */
public record ProviderInfo(String name, String orchestration, String release, String sha) {
  public ProviderInfo {
    requireNonNull(name, "name");
    requireNonNull(orchestration, "orchestration");
    requireNonNull(release, "release");
    requireNonNull(sha, "sha");
  }
}
