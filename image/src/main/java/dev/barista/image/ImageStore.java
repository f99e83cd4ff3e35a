package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The images of this host: an OCI image layout (which skopeo and others read as {@code
 * oci:FOLDER:NAME:TAG}) with the unpacked trees beside it. Several processes may use one folder at
 * once; a crash at any point leaves a valid store. Methods block on the disk.
 */
public final class ImageStore {

  /** Size above which a server should let {@link #collect} forget images. */
  public static final long DEFAULT_CAP_BYTES = 20L << 30;

  /** Images without files, whose program is a utility of the host named by {@code fprocess}. */
  private static final Set<String> UTILITY_IMAGES =
      Set.of("functions/alpine", "ghcr.io/openfaas/alpine");

  private static final int LARGEST_DOCUMENT = 4 << 20;

  private final Path root;
  private final BlobStore blobs;
  private final ImageIndex index;
  private final ImageTrees trees;
  private final HostPlatform platform;
  private final InstantSource clock;

  /**
   * Digests given out by this object: functions may run from their trees until the process ends.
   */
  private final Set<String> resolved = ConcurrentHashMap.newKeySet();

  ImageStore(Path root, HostPlatform platform, UnpackLimits limits, InstantSource clock)
      throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
    // Functions under other users pass through, but can't list what other functions there are.
    Files.setPosixFilePermissions(this.root, PosixFilePermissions.fromString("rwx--x--x"));
    Path temporary = Files.createDirectories(this.root.resolve("tmp"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
    this.blobs = new BlobStore(this.root, temporary);
    this.index = new ImageIndex(this.root, blobs);
    this.trees = new ImageTrees(this.root, temporary, blobs, limits);
    this.platform = platform;
    this.clock = clock;
  }

  /** Opens the store, made if there is none, in {@code images} below the data folder. */
  public static ImageStore open(Path dataFolder) throws IOException {
    return new ImageStore(
        dataFolder.resolve("images"),
        HostPlatform.current(),
        UnpackLimits.DEFAULT,
        InstantSource.system());
  }

  /** Where the layout is. */
  public Path folder() {
    return root;
  }

  /**
   * The image by that name, unpacked and ready to run. Cheap when it was unpacked before.
   *
   * @throws FaasException BAD_REQUEST for an impossible name; IMAGE_INVALID with a sentence for the
   *     user when the store doesn't have it, when it isn't a host image, when it is for another
   *     operating system or architecture, or when its content is damaged or hostile
   */
  public HostImage resolve(String reference) throws IOException {
    ImageReference name = ImageReference.parse(reference);
    Optional<Descriptor> found = index.find(name);
    if (found.isEmpty()) {
      if (UTILITY_IMAGES.contains(name.repository())) {
        return utilityImage(name);
      }
      throw refused(
          "image "
              + name
              + " isn't in this host's store: build it with 'barista build', or use the name of one"
              + " that is");
    }
    Descriptor descriptor = found.get();
    Manifest manifest = manifest(descriptor.digest());
    ImageConfig config = config(manifest);
    check(name, config);
    resolved.add(descriptor.digest());
    Path tree = trees.treeOf(descriptor.digest(), manifest, config);
    touch(blobs.path(descriptor.digest()));
    return hostImage(name, descriptor.digest(), tree, config);
  }

  /** The names of all images, sorted. */
  public List<StoredImage> list() throws IOException {
    List<StoredImage> images = new ArrayList<>();
    for (Descriptor entry : index.entries()) {
      Manifest manifest = manifest(entry.digest());
      long bytes = manifest.layers().stream().mapToLong(Descriptor::size).sum();
      images.add(
          new StoredImage(
              ImageReference.parse(ImageIndex.nameOf(entry)),
              entry.digest(),
              bytes,
              config(manifest).labels()));
    }
    images.sort((a, b) -> a.reference().toString().compareTo(b.reference().toString()));
    return images;
  }

  /** Takes a name away; the content goes with the next {@link #collect}. */
  public void untag(String reference) throws IOException {
    try (StoreLock _ = lock()) {
      index.untag(ImageReference.parse(reference));
    }
  }

  /**
   * Frees what nothing needs: content that no name leads to, and the least recently used names
   * while the store is larger than {@code capBytes}. What was used or written in the last minutes
   * stays, since a build or a deploy may be under way.
   *
   * @param retain digests of images that functions use; they and their trees always stay
   */
  public CollectedGarbage collect(Set<String> retain, long capBytes) throws IOException {
    try (StoreLock _ = lock()) {
      Set<String> used = new HashSet<>(retain);
      used.addAll(resolved);
      return new GarbageCollector(this, blobs, index, trees, clock.instant())
          .collect(used, capBytes);
    }
  }

  /** Stores an image whose layers are blobs already, and names it. */
  Descriptor save(ImageReference reference, ImageConfig config, List<Descriptor> layers)
      throws IOException {
    Descriptor configBlob = blobs.put(OciJson.CONFIG, OciJson.config(config));
    byte[] manifest = OciJson.manifest(new Manifest(configBlob, layers));
    try (StoreLock _ = lock()) {
      Descriptor stored = blobs.put(OciJson.MANIFEST, manifest);
      touch(blobs.path(stored.digest()));
      index.tag(reference, stored);
      return stored;
    }
  }

  /** The files of a layer, for a build to read. */
  Path unpacked(Layer layer) throws IOException {
    return trees.layerOf(layer.blob(), layer.diffId());
  }

  Manifest manifest(String digest) throws IOException {
    return OciJson.readManifest(blobs.read(digest, LARGEST_DOCUMENT));
  }

  ImageConfig config(Manifest manifest) throws IOException {
    return OciJson.readConfig(blobs.read(manifest.config().digest(), LARGEST_DOCUMENT));
  }

  BlobStore blobs() {
    return blobs;
  }

  HostPlatform platform() {
    return platform;
  }

  Path temporaryFolder() {
    return root.resolve("tmp");
  }

  private StoreLock lock() throws IOException {
    return StoreLock.acquire(root.resolve("lock"));
  }

  private void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
  }

  private void check(ImageReference name, ImageConfig config) {
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
        trees.empty(),
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
