package dev.barista.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which repository knows which content: empty files {@code repositories/NAME/_blobs/sha256-HEX},
 * {@code _manifests/…} and {@code _referrers/sha256-SUBJECT/sha256-HEX}. No part of a repository's
 * name begins with '_', so names and links never meet. A link whose content has been collected
 * leads nowhere. Thread-safe.
 */
final class RepositoryLinks {

  /** What a link leads to. */
  enum Kind {
    BLOB("_blobs"),
    MANIFEST("_manifests");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }
  }

  private static final String REFERRERS = "_referrers";

  private final Path root;

  RepositoryLinks(Path storeRoot) throws IOException {
    this.root = Files.createDirectories(storeRoot.resolve("repositories"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
  }

  boolean known(String repository) {
    Path folder = root.resolve(repository);
    return Files.isDirectory(folder.resolve(Kind.BLOB.folder))
        || Files.isDirectory(folder.resolve(Kind.MANIFEST.folder));
  }

  boolean has(String repository, Kind kind, String digest) {
    return Files.exists(link(repository, kind, digest));
  }

  void add(String repository, Kind kind, String digest) throws IOException {
    create(link(repository, kind, digest));
  }

  /** Returns whether there was one. */
  boolean remove(String repository, Kind kind, String digest) throws IOException {
    return Files.deleteIfExists(link(repository, kind, digest));
  }

  void addReferrer(String repository, String subject, String referrer) throws IOException {
    create(referrers(repository, subject).resolve(Sha256.fileName(referrer)));
  }

  void removeReferrer(String repository, String subject, String referrer) throws IOException {
    Files.deleteIfExists(referrers(repository, subject).resolve(Sha256.fileName(referrer)));
  }

  /** Digests of the manifests that refer to that subject, sorted. */
  List<String> referrersOf(String repository, String subject) throws IOException {
    List<String> digests = new ArrayList<>();
    try (Stream<Path> links = Files.list(referrers(repository, subject))) {
      for (Path link : links.sorted().toList()) {
        digests.add(Folders.name(link).replaceFirst("-", ":"));
      }
    } catch (NoSuchFileException e) {
      return List.of(); // nobody does
    }
    return digests;
  }

  /** Drops links whose content is gone; one that comes back meanwhile gets its link again. */
  void forgetLost(BlobStore blobs) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path link : all.filter(Files::isRegularFile).toList()) {
        String digest = Folders.name(link).replaceFirst("-", ":");
        if (blobs.size(digest).isEmpty()) {
          Files.deleteIfExists(link);
          if (blobs.size(digest).isPresent()) {
            create(link);
          }
        }
      }
    }
  }

  private Path link(String repository, Kind kind, String digest) {
    return root.resolve(repository).resolve(kind.folder).resolve(Sha256.fileName(digest));
  }

  private Path referrers(String repository, String subject) {
    return root.resolve(repository).resolve(REFERRERS).resolve(Sha256.fileName(subject));
  }

  private static void create(Path link) throws IOException {
    Path folder = link.getParent();
    if (folder == null || Files.exists(link)) {
      return;
    }
    Files.createDirectories(folder);
    try {
      Files.createFile(link);
    } catch (FileAlreadyExistsException e) {
      return; // another push of the same
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
