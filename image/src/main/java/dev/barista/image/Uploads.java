package dev.barista.image;

import dev.barista.image.RegistryException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The unfinished uploads, one folder for each below {@code uploads}. Thread-safe. */
final class Uploads {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Path folder;
  private final BlobStore blobs;
  private final RepositoryLinks links;
  private final RepositoryLimits limits;
  private final StorageBudget budget;
  private final InstantSource clock;
  private final Map<String, Upload> open = new ConcurrentHashMap<>();

  Uploads(
      Path folder,
      BlobStore blobs,
      RepositoryLinks links,
      RepositoryLimits limits,
      StorageBudget budget,
      InstantSource clock)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    this.blobs = blobs;
    this.links = links;
    this.limits = limits;
    this.budget = budget;
    this.clock = clock;
    reopenAll();
  }

  private void reopenAll() throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        if (ID.matcher(Folders.name(child)).matches()
            && Files.exists(child.resolve("data"))
            && Files.exists(child.resolve("repository"))) {
          open.put(Folders.name(child), Upload.reopen(this, child));
        } else {
          Folders.delete(child); // its beginning was cut off
        }
      }
    }
  }

  /**
   * @throws RegistryException TOOMANYREQUESTS, STORAGE_FULL
   */
  Upload start(String repository) throws IOException {
    expire();
    budget.requireRoom(0);
    Path own = folder.resolve(UUID.randomUUID().toString());
    synchronized (open) { // so that many at once can't pass the cap together
      if (open.size() >= limits.uploads()) {
        throw new RegistryException(
            Code.TOOMANYREQUESTS,
            limits.uploads() + " uploads are unfinished already [--max-uploads]: try again later");
      }
      Upload upload = Upload.create(this, own, repository, clock.instant());
      open.put(upload.id(), upload);
      return upload;
    }
  }

  Upload find(String repository, String id) {
    return Optional.ofNullable(open.get(id))
        .filter(upload -> upload.repository().equals(repository))
        .orElseThrow(Uploads::unknown);
  }

  /** Drops those that nobody has continued for too long. */
  void expire() throws IOException {
    Instant now = clock.instant();
    Instant oldest = now.minus(limits.uploadTimeout());
    for (Upload upload : List.copyOf(open.values())) {
      if (upload.lastUse(now).isBefore(oldest)) {
        upload.expire();
      }
    }
  }

  /** When the oldest one began: what is pushed together with it must stay. */
  Optional<Instant> oldestStart() {
    return open.values().stream().map(Upload::started).min(Instant::compareTo);
  }

  int count() {
    return open.size();
  }

  long bytes() {
    return open.values().stream().mapToLong(Upload::size).sum();
  }

  void requireRoom(long size, long expected) throws IOException {
    requireSmall(size + expected);
    budget.requireRoom(expected);
  }

  void take(long size, int bytes) {
    requireSmall(size + bytes);
    budget.take(bytes);
  }

  private void requireSmall(long blobBytes) {
    if (blobBytes > limits.blobBytes()) {
      throw new RegistryException(
          Code.SIZE_INVALID,
          413,
          "the blob is larger than " + limits.blobBytes() + " bytes [--max-blob]");
    }
  }

  void adopt(Upload upload, Path data, String digest) throws IOException {
    blobs.adopt(data, digest);
    links.add(upload.repository(), RepositoryLinks.Kind.BLOB, digest);
  }

  void forget(Upload upload) {
    open.remove(upload.id());
  }

  Instant now() {
    return clock.instant();
  }

  static RegistryException unknown() {
    return new RegistryException(
        Code.BLOB_UPLOAD_UNKNOWN, "there is no such upload: it has ended, or nobody began it here");
  }
}
