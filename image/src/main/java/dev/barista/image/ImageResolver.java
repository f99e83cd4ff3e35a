package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the image that a name means among those that this host can run, and remembers which it has
 * given out. Thread-safe; blocks on the disk.
 */
final class ImageResolver {

  /** Images without files, whose program is a utility of the host named by {@code fprocess}. */
  private static final Set<String> UTILITY_IMAGES =
      Set.of("functions/alpine", "ghcr.io/openfaas/alpine");

  private final ImageStore store;
  private final HostPlatform platform;
  private final InstantSource clock;

  /**
   * When this object gave out which digest: whoever asked may not yet be among those that use it.
   */
  private final Map<String, Instant> resolved = new ConcurrentHashMap<>();

  ImageResolver(ImageStore store, HostPlatform platform, InstantSource clock) {
    this.store = store;
    this.platform = platform;
    this.clock = clock;
  }

  /** Whether a name means a program of the host, which no store needs to have. */
  static boolean isUtility(ImageReference name) {
    return UTILITY_IMAGES.contains(name.repository());
  }

  /** See {@link ImageStore#resolve}. */
  HostImage resolve(ImageReference name) throws IOException {
    Optional<Descriptor> found = hold(name);
    if (found.isEmpty()) {
      if (isUtility(name)) {
        return utilityImage(name);
      }
      throw refused(
          "image "
              + name
              + " isn't in this host's store: build it with 'barista build', or use the name of one"
              + " that is");
    }
    String digest = found.get().digest();
    Manifest manifest = store.manifest(digest);
    ImageConfig config = store.config(manifest);
    try {
      requireRunnable(name, config);
    } catch (FaasException e) {
      resolved.remove(digest); // nobody will ever run it here
      throw e;
    }
    Path tree = store.trees().treeOf(digest, manifest, config);
    return hostImage(name, digest, tree, config);
  }

  /**
   * What a name leads to, kept from then on: a collection runs before, and this finds what it left,
   * or after, and sees that it is in use.
   */
  private Optional<Descriptor> hold(ImageReference name) throws IOException {
    try (StoreLock _ = store.lock()) {
      Optional<Descriptor> found = store.index().find(name);
      if (found.isPresent() && ManifestDocument.isIndex(found.get().mediaType())) {
        found = Optional.of(memberOf(name, store.document(found.get().digest())));
      }
      if (found.isPresent()) {
        resolved.put(found.get().digest(), clock.instant());
        store.blobs().touch(found.get().digest());
      }
      return found;
    }
  }

  /** The one for this host of an image for several platforms. */
  Descriptor memberOf(ImageReference name, ManifestDocument image) {
    return image.manifests().stream()
        .filter(entry -> entry.platform().equals(Optional.of(platform)))
        .findFirst()
        .orElseThrow(() -> refused("image " + name + " has no variant for this host, " + platform))
        .descriptor();
  }

  /** Digests of what was asked for since then; forgets the others. Under the store's lock. */
  Set<String> resolvedSince(Instant time) {
    resolved.values().removeIf(then -> then.isBefore(time));
    return Set.copyOf(resolved.keySet());
  }

  void requireRunnable(ImageReference name, ImageConfig config) {
    if (!config.isHostImage()) {
      throw refused(
          "image "
              + name
              + " is a full container image, which needs a container engine: choose the docker or"
              + " the kubernetes provider, or build the function from a template with 'barista"
              + " build'");
    }
    if (!config.platform().equals(platform)) {
      throw refused(
          "image "
              + name
              + " was built for "
              + config.platform()
              + " and this host is "
              + platform
              + ": build it here with 'barista build'");
    }
  }

  private static HostImage hostImage(
      ImageReference name, String digest, Path tree, ImageConfig config) {
    Map<String, String> labels = config.labels();
    return new HostImage(
        name,
        digest,
        tree,
        config.environment(),
        labels,
        Optional.ofNullable(labels.get(ImageLabels.RUNTIME)),
        Optional.ofNullable(labels.get(ImageLabels.ABI)),
        "true".equals(labels.get(ImageLabels.SOCKET)));
  }

  private HostImage utilityImage(ImageReference name) throws IOException {
    return new HostImage(
        name,
        Sha256.of(new byte[0]),
        store.trees().empty(),
        Map.of("mode", "classic"),
        Map.of(ImageLabels.KIND, "host"),
        Optional.empty(),
        Optional.empty(),
        /* listensOnSocket= */ false);
  }

  private static FaasException refused(String sentence) {
    return new FaasException(ErrorCode.IMAGE_INVALID, "image", sentence);
  }
}
