package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Any document that a registry keeps under {@code manifests}: an image's manifest, an index of
 * several, an artifact.
 *
 * @param mediaType what it says of itself; empty when it says nothing
 * @param config of a manifest
 * @param layers of a manifest
 * @param manifests of an index
 * @param subject what it refers to
 * @param artifactType its own, else its configuration's media type
 */
record ManifestDocument(
    String mediaType,
    Optional<Descriptor> config,
    List<Descriptor> layers,
    List<IndexEntry> manifests,
    Optional<Descriptor> subject,
    String artifactType,
    Map<String, String> annotations) {

  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

  /** For an Accept header: all that is understood. */
  static final String ACCEPTED =
      String.join(", ", OciJson.MANIFEST, OciJson.INDEX, DOCKER_MANIFEST, DOCKER_LIST);

  private static final Set<String> INDEXES = Set.of(OciJson.INDEX, DOCKER_LIST);
  private static final Set<String> MANIFESTS = Set.of(OciJson.MANIFEST, DOCKER_MANIFEST);

  /**
   * One member of an index.
   *
   * @param platform {@code os/architecture}, empty when it says none
   */
  record IndexEntry(Descriptor descriptor, Optional<HostPlatform> platform) {}

  ManifestDocument {
    requireNonNull(mediaType, "mediaType");
    requireNonNull(config, "config");
    layers = List.copyOf(layers);
    manifests = List.copyOf(manifests);
    requireNonNull(subject, "subject");
    requireNonNull(artifactType, "artifactType");
    annotations = new TreeMap<>(annotations);
  }

  /** Its blobs: layers and configuration. */
  List<Descriptor> parts() {
    return Stream.concat(layers.stream(), config.stream()).toList();
  }

  static boolean isIndex(String mediaType) {
    return INDEXES.contains(mediaType);
  }

  static boolean isKnown(String mediaType) {
    return INDEXES.contains(mediaType) || MANIFESTS.contains(mediaType);
  }
}
