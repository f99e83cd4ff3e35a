package dev.barista.image;

import dev.barista.image.RegistryException.Code;
import dev.barista.image.Repositories.PushedManifest;
import dev.barista.image.Repositories.StoredManifest;
import dev.barista.image.RepositoryLinks.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What repositories have under names: manifests by tag and by digest, the list of tags, and what
 * refers to a manifest. Methods take names as the request has them. Thread-safe; blocks on the
 * disk.
 */
final class RepositoryManifests {

  private final ImageStore store;
  private final BlobStore blobs;
  private final RepositoryLinks links;
  private final StorageBudget budget;
  private final Supplier<Set<String>> inUse;

  /**
   * @param inUse digests of images that functions have
   */
  RepositoryManifests(ImageStore store, StorageBudget budget, Supplier<Set<String>> inUse) {
    this.store = store;
    this.blobs = store.blobs();
    this.links = store.links();
    this.budget = budget;
    this.inUse = inUse;
  }

  /** See {@link Repositories#manifest}. */
  Optional<StoredManifest> find(String repository, String reference) throws IOException {
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

  /** See {@link Repositories#putManifest}. */
  PushedManifest put(String repository, String reference, String mediaType, byte[] content)
      throws IOException {
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

  /** See {@link Repositories#deleteManifest}. */
  void delete(String repository, String reference) throws IOException {
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

  /** See {@link Repositories#tags}. */
  Optional<List<String>> tags(String repository) throws IOException {
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

  /** See {@link Repositories#referrers}. */
  byte[] referrers(String repository, String digest, Optional<String> artifactType)
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
