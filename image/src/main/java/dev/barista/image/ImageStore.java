package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The images of this host: an OCI image layout (which skopeo and others read as {@code
 * oci:FOLDER:NAME:TAG}) with the unpacked trees beside it. Several processes may use one folder at
 * once; a crash at any point leaves a valid store. Methods block on the disk.
 */
public final class ImageStore {

  /** Size above which a server should let {@link #collect} forget images. */
  public static final long DEFAULT_CAP_BYTES = 20L << 30;

  /** Of manifests, indexes and configurations, as registries take them. */
  static final int LARGEST_DOCUMENT = 4 << 20;

  private final Path root;
  private final BlobStore blobs;
  private final ImageIndex index;
  private final RepositoryLinks links;
  private final ImageTrees trees;
  private final ImageResolver resolver;
  private final HostPlatform platform;
  private final InstantSource clock;

  /**
   * When the oldest unfinished upload began: blobs that have come since belong with it, perhaps.
   */
  private volatile Supplier<Optional<Instant>> oldestUpload = Optional::empty;

  ImageStore(Path root, HostPlatform platform, UnpackLimits limits, InstantSource clock)
      throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
    // Functions under other users pass through, but can't list what other functions there are.
    Files.setPosixFilePermissions(this.root, PosixFilePermissions.fromString("rwx--x--x"));
    Path temporary = Files.createDirectories(this.root.resolve("tmp"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
    this.blobs = new BlobStore(this.root, temporary, clock);
    this.index = new ImageIndex(this.root, blobs);
    this.links = new RepositoryLinks(this.root);
    this.trees = new ImageTrees(this.root, temporary, blobs, limits);
    this.platform = platform;
    this.clock = clock;
    this.resolver = new ImageResolver(this, platform, clock);
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
    return resolver.resolve(ImageReference.parse(reference));
  }

  /** Whether {@link #resolve} knows the name, whatever it may then say about the image. */
  public boolean has(String reference) throws IOException {
    ImageReference name = ImageReference.parse(reference);
    return ImageResolver.isUtility(name) || index.find(name).isPresent();
  }

  /** Whether an image of that name is in the store. */
  public boolean holds(ImageReference reference) throws IOException {
    return index.find(reference).isPresent();
  }

  /**
   * The store as a registry sees it. For one caller in one process, since unfinished uploads belong
   * to it.
   *
   * @param inUse digests of images that functions have
   */
  public Repositories repositories(RepositoryLimits limits, Supplier<Set<String>> inUse)
      throws IOException {
    return new Repositories(this, limits, inUse, clock);
  }

  /** The names of all images, sorted. */
  public List<StoredImage> list() throws IOException {
    List<StoredImage> images = new ArrayList<>();
    for (Descriptor entry : index.entries()) {
      ManifestDocument document = document(entry.digest());
      long bytes = document.layers().stream().mapToLong(Descriptor::size).sum();
      images.add(
          new StoredImage(
              ImageReference.parse(ImageIndex.nameOf(entry)),
              entry.digest(),
              bytes,
              labels(document)));
    }
    images.sort((a, b) -> a.reference().toString().compareTo(b.reference().toString()));
    return images;
  }

  /** None for an index, and for what is no image at all. */
  private Map<String, String> labels(ManifestDocument document) throws IOException {
    try {
      return document.config().isPresent()
          ? config(document.config().get().digest()).labels()
          : Map.of();
    } catch (FaasException e) {
      return Map.of();
    }
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
      Instant now = clock.instant();
      Instant lately = now.minus(GarbageCollector.GRACE);
      Set<String> used = new HashSet<>(retain);
      used.addAll(resolver.resolvedSince(lately));
      // Also before its first upload a push may have heard that a blob is there.
      Instant recent = oldestUpload.get().orElse(now).minus(GarbageCollector.GRACE);
      return new GarbageCollector(this, blobs, index, trees, now, recent).collect(used, capBytes);
    }
  }

  /** Stores an image whose layers are blobs already, and names it. */
  Descriptor save(ImageReference reference, ImageConfig config, List<Descriptor> layers)
      throws IOException {
    Descriptor configBlob = blobs.put(OciJson.CONFIG, OciJson.config(config));
    byte[] manifest = OciJson.manifest(new Manifest(configBlob, layers));
    try (StoreLock _ = lock()) {
      requireBlobs(reference, layers);
      blobs.put(OciJson.CONFIG, OciJson.config(config));
      Descriptor stored = blobs.put(OciJson.MANIFEST, manifest);
      index.tag(reference, stored);
      List<Descriptor> parts = new ArrayList<>(layers);
      parts.add(configBlob);
      link(reference.repository(), stored.digest(), parts);
      return stored;
    }
  }

  /** Names an image of another registry, whose parts are blobs already. */
  void savePulled(ImageReference reference, byte[] manifest, List<Descriptor> parts)
      throws IOException {
    try (StoreLock _ = lock()) {
      requireBlobs(reference, parts);
      Descriptor stored = blobs.put(OciJson.MANIFEST, manifest);
      index.tag(reference, stored);
      link(reference.repository(), stored.digest(), parts);
    }
  }

  private void requireBlobs(ImageReference reference, List<Descriptor> parts) throws IOException {
    for (Descriptor part : parts) {
      if (!blobs.has(part)) {
        throw new FaasException(
            ErrorCode.IMAGE_INVALID,
            "image",
            "a layer of " + reference + " has been collected meanwhile: try again");
      }
    }
  }

  /** Lets the registry serve it. */
  private void link(String repository, String manifest, List<Descriptor> parts) throws IOException {
    links.add(repository, RepositoryLinks.Kind.MANIFEST, manifest);
    for (Descriptor part : parts) {
      links.add(repository, RepositoryLinks.Kind.BLOB, part.digest());
    }
  }

  /** The files of a layer, for a build to read. */
  Path unpacked(Layer layer) throws IOException {
    return trees.layerOf(layer.blob(), layer.diffId());
  }

  Manifest manifest(String digest) throws IOException {
    return OciJson.readManifest(blobs.read(digest, LARGEST_DOCUMENT));
  }

  ManifestDocument document(String digest) throws IOException {
    return OciJson.readDocument(blobs.read(digest, LARGEST_DOCUMENT));
  }

  ImageConfig config(Manifest manifest) throws IOException {
    return config(manifest.config().digest());
  }

  ImageConfig config(String digest) throws IOException {
    return OciJson.readConfig(blobs.read(digest, LARGEST_DOCUMENT));
  }

  ImageIndex index() {
    return index;
  }

  RepositoryLinks links() {
    return links;
  }

  ImageResolver resolver() {
    return resolver;
  }

  ImageTrees trees() {
    return trees;
  }

  void watchUploads(Supplier<Optional<Instant>> oldest) {
    oldestUpload = oldest;
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

  StoreLock lock() throws IOException {
    return StoreLock.acquire(root.resolve("lock"));
  }
}
