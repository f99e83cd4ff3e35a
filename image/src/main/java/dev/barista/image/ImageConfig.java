package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of an OCI image configuration that the platform uses.
 *
 * @param diffIds digests of the uncompressed layers, the lowest first
 */
record ImageConfig(
    HostPlatform platform,
    Map<String, String> environment,
    Map<String, String> labels,
    List<String> diffIds) {

  ImageConfig {
    requireNonNull(platform, "platform");
    environment = new TreeMap<>(environment);
    labels = new TreeMap<>(labels);
    diffIds = List.copyOf(diffIds);
  }

  boolean isHostImage() {
    return "host".equals(labels.get(ImageLabels.KIND));
  }
}
