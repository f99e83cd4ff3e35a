package dev.barista.image;

import dev.barista.image.RegistryException.Code;
import dev.barista.image.RepositoryLinks.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The image store as a registry sees it: repositories with blobs, manifests and tags. What was
 * built on this host is there too, under its name. Content is stored once, whoever has it; a
 * repository shows what was pushed or mounted into it. Refusals are {@link RegistryException}s.
 * Thread-safe; blocks on the disk.
 */
public final class Repositories {

  /** Walking all unpacked files takes long, and pushes don't change them. */
  private static final Duration LAYERS_MEASURED = Duration.ofMinutes(1);

  private static final Duration CLEANED = Duration.ofSeconds(10);

  private final ImageStore store;
  private final BlobStore blobs;
  private final RepositoryLinks links;
  private final RepositoryLimits limits;
  private final Supplier<Set<String>> inUse;
  private final InstantSource clock;
  private final StorageBudget budget;
  private final Uploads uploads;

  // Mutable state
  private volatile Runnable afterDelete = () -> {};
  private Instant layersMeasured = Instant.EPOCH; // guarded by the budget's lock
  private long layerBytes;
  private Instant cleaned = Instant.EPOCH;

  /**
   * A blob of a repository.
   *
   * @param file to read it from; gone when a collection was faster
   */
  public record StoredBlob(String digest, long size, Path file) {}

  /** A manifest, an index or an artifact, as it was pushed. */
  @SuppressWarnings("ArrayRecordComponent") // written to one client, never compared
  public record StoredManifest(String mediaType, String digest, byte[] content) {}

  /**
   * What came of a push.
   *
   * @param subject digest of what the manifest refers to
   */
  public record PushedManifest(String digest, Optional<String> subject) {}

  Repositories(
      ImageStore store, RepositoryLimits limits, Supplier<Set<String>> inUse, InstantSource clock)
      throws IOException {
    this.store = store;
    this.blobs = store.blobs();
    this.links = store.links();
    this.limits = limits;
    this.inUse = inUse;
    this.clock = clock;
    this.budget = new StorageBudget(limits.storeBytes(), new Measure());
    this.uploads =
        new Uploads(store.folder().resolve("uploads"), blobs, links, limits, budget, clock);
    store.watchUploads(uploads::oldestStart);
  }

  private final class Measure implements StorageBudget.Store {
    @Override
    public long measure() throws IOException {
      Instant now = clock.instant();
      if (layersMeasured.isBefore(now.minus(LAYERS_MEASURED))) {
        layersMeasured = now;
        layerBytes = store.trees().layerBytes();
      }
      return blobs.bytes() + uploads.bytes() + layerBytes;
    }

    @Override
    public void clean(long expected) throws IOException {
      uploads.expire();
      Instant now = clock.instant();
      if (now.isBefore(cleaned.plus(CLEANED))) {
        return; // a full store under many pushes isn't walked for each
      }
      cleaned = now;
      long others = expected + uploads.bytes();
      store.collect(inUse.get(), Math.max(0, limits.storeBytes() - others));
      layersMeasured = Instant.EPOCH;
    }
  }

  /** What is done when a name or a blob has been deleted: soon there may be something to free. */
  public void whenDeleted(Runnable action) {
    afterDelete = action;
  }

  /** Frees what nothing needs; see {@link ImageStore#collect}. */
  public CollectedGarbage collect() throws IOException {
    uploads.expire();
    return store.collect(inUse.get(), limits.storeBytes());
  }

  /**
   * Makes sure, cleaning up if it must, that so much may come.
   *
   * @throws RegistryException STORAGE_FULL
   */
  public void requireRoom(long bytes) throws IOException {
    budget.requireRoom(bytes);
  }

  /** Unfinished uploads. */
  public int uploads() {
    return uploads.count();
  }

  // ---- blobs

  /** A blob of that repository; whoever asks may count on it for some minutes. */
  public Optional<StoredBlob> blob(String repository, String digest) throws IOException {
    String name = RepositoryName.parse(repository);
    RepositoryName.requireDigest(digest);
    if (!links.has(name, Kind.BLOB, digest) || !blobs.touch(digest)) {
      return Optional.empty();
    }
    OptionalLong size = blobs.size(digest);
    return size.isEmpty()
        ? Optional.empty()
        : Optional.of(new StoredBlob(digest, size.getAsLong(), blobs.path(digest)));
  }

  /**
   * Shows a blob of another repository in this one.
   *
   * @param from where the client knows it to be; empty = anywhere
   * @return false when it isn't there
   */
  public boolean mount(String repository, String digest, Optional<String> from) throws IOException {
    String name = RepositoryName.parse(repository);
    RepositoryName.requireDigest(digest);
    if (from.isPresent() && !links.has(RepositoryName.parse(from.get()), Kind.BLOB, digest)) {
      return false;
    }
    if (!blobs.touch(digest)) {
      return false;
    }
    links.add(name, Kind.BLOB, digest);
    return true;
  }

  /** Takes a blob out of a repository; its content goes when nothing else needs it. */
  public void deleteBlob(String repository, String digest) throws IOException {
    String name = RepositoryName.parse(repository);
    RepositoryName.requireDigest(digest);
    if (!links.remove(name, Kind.BLOB, digest)) {
      throw new RegistryException(
          Code.BLOB_UNKNOWN, "repository " + name + " has no blob " + digest);
    }
    afterDelete.run();
  }

  // ---- uploads

  /** Begins a blob. */
  public Upload startUpload(String repository) throws IOException {
    return uploads.start(RepositoryName.parse(repository));
  }

  /** One that was begun and hasn't ended, perhaps before a restart. */
  public Upload upload(String repository, String id) {
    return uploads.find(RepositoryName.parse(repository), id);
  }

  // ---- manifests

  /**
   * @param reference a tag or a digest
   */
  public Optional<StoredManifest> manifest(String repository, String reference) throws IOException {
    String name = RepositoryName.parse(repository);
    if (!RepositoryName.isDigest(reference)) {
      Optional<Descriptor> found = tagged(name, reference);
      return found.isPresent() ? read(found.get().digest()) : Optional.empty();
    }
    RepositoryName.requireDigest(reference);
    return hasManifest(name, reference) ? read(reference) : Optional.empty();
  }

  private Optional<Descriptor> tagged(String name, String tag) throws IOException {
    return RepositoryName.isTag(tag)
        ? store.index().find(new ImageReference(name, ':' + tag))
        : Optional.empty();
  }

  private boolean hasManifest(String name, String digest) throws IOException {
    return links.has(name, Kind.MANIFEST, digest)
        || store.index().entries(name).stream().anyMatch(entry -> entry.digest().equals(digest));
  }

  private Optional<StoredManifest> read(String digest) throws IOException {
    if (!blobs.touch(digest)) {
      return Optional.empty();
    }
    byte[] content = blobs.read(digest, ImageStore.LARGEST_DOCUMENT);
    return Optional.of(
        new StoredManifest(mediaType(OciJson.readDocument(content)), digest, content));
  }

  private static String mediaType(ManifestDocument document) {
    if (!document.mediaType().isEmpty()) {
      return document.mediaType();
    }
    return document.config().isEmpty() ? OciJson.INDEX : OciJson.MANIFEST;
  }

  /**
   * Stores a manifest whose blobs are there, and gives it its name.
   *
   * @param reference a tag, or its digest
   * @param mediaType as the request says
   */
  public PushedManifest putManifest(
      String repository, String reference, String mediaType, byte[] content) throws IOException {
    String name = RepositoryName.parse(repository);
    String digest = Sha256.of(content);
    ImageReference image = reference(name, reference, digest);
    ManifestDocument document = ManifestCheck.parse(mediaType, content);
    budget.requireRoom(content.length);
    try (StoreLock _ = store.lock()) {
      ManifestCheck.requireContent(document, blobs);
      for (Descriptor part : document.parts()) {
        links.add(name, Kind.BLOB, part.digest());
      }
      blobs.put(mediaType, content);
      store.index().tagPushed(image, new Descriptor(mediaType, digest, content.length));
      links.add(name, Kind.MANIFEST, digest);
      Optional<String> subject = document.subject().map(Descriptor::digest);
      if (subject.isPresent()) {
        links.addReferrer(name, subject.get(), digest);
      }
      return new PushedManifest(digest, subject);
    }
  }

  private static ImageReference reference(String name, String reference, String digest) {
    if (!RepositoryName.isDigest(reference)) {
      return new ImageReference(name, ':' + RepositoryName.requireTag(reference));
    }
    if (!RepositoryName.requireDigest(reference).equals(digest)) {
      throw new RegistryException(
          Code.DIGEST_INVALID,
          "the manifest's digest is " + digest + " (expected: " + reference + ")");
    }
    return new ImageReference(name, '@' + digest);
  }

  /**
   * Takes away one tag, or by digest all names of a manifest in that repository. Its content goes
   * when nothing else needs it.
   *
   * @throws RegistryException MANIFEST_UNKNOWN; DENIED with 409 when a function uses it
   */
  public void deleteManifest(String repository, String reference) throws IOException {
    String name = RepositoryName.parse(repository);
    try (StoreLock _ = store.lock()) {
      if (RepositoryName.isDigest(reference)) {
        deleteByDigest(name, RepositoryName.requireDigest(reference));
      } else {
        Descriptor entry = tagged(name, reference).orElseThrow(() -> unknown(name, reference));
        requireUnused(name, entry.digest());
        store.index().untag(new ImageReference(name, ':' + reference));
      }
    }
    afterDelete.run();
  }

  private void deleteByDigest(String name, String digest) throws IOException {
    List<Descriptor> names =
        store.index().entries(name).stream()
            .filter(entry -> entry.digest().equals(digest))
            .toList();
    if (names.isEmpty() && !links.has(name, Kind.MANIFEST, digest)) {
      throw unknown(name, digest);
    }
    requireUnused(name, digest);
    store.index().untag(names);
    links.remove(name, Kind.MANIFEST, digest);
    if (blobs.size(digest).isPresent()) {
      Optional<Descriptor> subject = store.document(digest).subject();
      if (subject.isPresent()) {
        links.removeReferrer(name, subject.get().digest(), digest);
      }
    }
  }

  private void requireUnused(String name, String digest) throws IOException {
    Set<String> used = inUse.get();
    boolean taken = used.contains(digest);
    if (!taken && !used.isEmpty() && blobs.size(digest).isPresent()) {
      taken =
          store.document(digest).manifests().stream()
              .anyMatch(member -> used.contains(member.descriptor().digest()));
    }
    if (taken) {
      throw new RegistryException(
          Code.DENIED,
          409,
          "a function uses this image of " + name + ": remove or update the function first");
    }
  }

  private static RegistryException unknown(String name, String reference) {
    return new RegistryException(
        Code.MANIFEST_UNKNOWN,
        "repository "
            + name
            + " has no manifest "
            + (reference.length() > 128 ? "of that name" : reference));
  }

  // ---- discovery

  /** All tags in ASCII order; empty when there is no such repository. */
  public Optional<List<String>> tags(String repository) throws IOException {
    String name = RepositoryName.parse(repository);
    List<Descriptor> entries = store.index().entries(name);
    if (entries.isEmpty() && !links.known(name)) {
      return Optional.empty();
    }
    return Optional.of(
        entries.stream()
            .map(ImageIndex::nameOf)
            .map(ImageReference::parse)
            .filter(reference -> !reference.isDigest())
            .map(ImageReference::bareVersion)
            .sorted()
            .toList());
  }

  /**
   * An OCI index of the manifests that refer to that one, which need not be there.
   *
   * @param artifactType only those of it; empty = all
   */
  public byte[] referrers(String repository, String digest, Optional<String> artifactType)
      throws IOException {
    String name = RepositoryName.parse(repository);
    RepositoryName.requireDigest(digest);
    List<OciJson.Referrer> referrers = new ArrayList<>();
    for (String referrer : links.referrersOf(name, digest)) {
      Optional<StoredManifest> manifest = read(referrer);
      if (manifest.isPresent()) {
        OciJson.Referrer found = referrer(manifest.get());
        if (artifactType.isEmpty() || artifactType.get().equals(found.artifactType())) {
          referrers.add(found);
        }
      }
    }
    return OciJson.referrers(referrers);
  }

  private static OciJson.Referrer referrer(StoredManifest manifest) {
    ManifestDocument document = OciJson.readDocument(manifest.content());
    return new OciJson.Referrer(
        new Descriptor(
            manifest.mediaType(),
            manifest.digest(),
            manifest.content().length,
            document.annotations()),
        document.artifactType());
  }
}
