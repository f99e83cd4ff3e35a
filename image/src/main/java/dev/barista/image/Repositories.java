package dev.barista.image;

import dev.barista.image.RegistryException.Code;
import dev.barista.image.RepositoryLinks.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
  private final RepositoryManifests manifests;

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
    this.manifests = new RepositoryManifests(store, budget, inUse);
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
    return manifests.find(repository, reference);
  }

  /**
   * Stores a manifest whose blobs are there, and gives it its name.
   *
   * @param reference a tag, or its digest
   * @param mediaType as the request says
   */
  public PushedManifest putManifest(
      String repository, String reference, String mediaType, byte[] content) throws IOException {
    return manifests.put(repository, reference, mediaType, content);
  }

  /**
   * Takes away one tag, or by digest all names of a manifest in that repository. Its content goes
   * when nothing else needs it.
   *
   * @throws RegistryException MANIFEST_UNKNOWN; DENIED with 409 when a function uses it
   */
  public void deleteManifest(String repository, String reference) throws IOException {
    manifests.delete(repository, reference);
    afterDelete.run();
  }

  // ---- discovery

  /** All tags in ASCII order; empty when there is no such repository. */
  public Optional<List<String>> tags(String repository) throws IOException {
    return manifests.tags(repository);
  }

  /**
   * An OCI index of the manifests that refer to that one, which need not be there.
   *
   * @param artifactType only those of it; empty = all
   */
  public byte[] referrers(String repository, String digest, Optional<String> artifactType)
      throws IOException {
    return manifests.referrers(repository, digest, artifactType);
  }
}
