package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * Content by digest in {@code blobs/sha256}. A blob appears whole or not at all, and what is read
 * has been verified or fails. Safe for several threads and processes: writers of one digest write
 * the same bytes.
 */
final class BlobStore {

  private final Path folder;
  private final Path temporary;
  private final InstantSource clock;

  BlobStore(Path root, Path temporary, InstantSource clock) throws IOException {
    this.folder = root.resolve("blobs").resolve("sha256");
    this.temporary = temporary;
    this.clock = clock;
    Files.createDirectories(folder);
    // Functions under other users may pass by, but not learn what other functions there are.
    Files.setPosixFilePermissions(
        root.resolve("blobs"), PosixFilePermissions.fromString("rwx------"));
  }

  Path path(String digest) {
    return folder.resolve(Sha256.hex(digest));
  }

  Path folder() {
    return folder;
  }

  boolean has(Descriptor descriptor) throws IOException {
    Path path = path(descriptor.digest());
    return Files.exists(path) && Files.size(path) == descriptor.size();
  }

  /** Size of a blob that is there. */
  OptionalLong size(String digest) throws IOException {
    try {
      return OptionalLong.of(Files.size(path(digest)));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Says that somebody counts on a blob, so that no collection takes it in the next minutes.
   *
   * @return false when it isn't there
   */
  boolean touch(String digest) throws IOException {
    try {
      Files.setLastModifiedTime(path(digest), FileTime.from(clock.instant()));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Stores a small document. */
  Descriptor put(String mediaType, byte[] bytes) throws IOException {
    String digest = Sha256.of(bytes);
    if (!touch(digest)) {
      writeAtomically(path(digest), bytes);
      touch(digest);
    }
    return new Descriptor(mediaType, digest, bytes.length);
  }

  /** Moves a finished, synced file of the same file system in. */
  void adopt(Path file, String digest) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  /** Bytes of all blobs. */
  long bytes() throws IOException {
    return Folders.size(folder);
  }

  /** Reads a small document: at most {@code cap} bytes, digest verified. */
  byte[] read(String digest, int cap) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path(digest))) {
      bytes = in.readNBytes(cap + 1);
    }
    if (bytes.length > cap) {
      throw damaged("blob " + digest + " is larger than " + cap + " bytes");
    }
    if (!Sha256.of(bytes).equals(digest)) {
      throw damaged("blob " + digest + " is damaged: remove it and build or pull the image again");
    }
    return bytes;
  }

  /**
   * Lets a reader have the content; fails after it has read when the digest isn't the content's.
   */
  void read(String digest, Reader reader) throws IOException {
    MessageDigest actual = Sha256.start();
    try (InputStream file = Files.newInputStream(path(digest));
        DigestInputStream in = new DigestInputStream(file, actual)) {
      reader.read(new Uncloseable(in));
      in.transferTo(OutputStream.nullOutputStream());
    }
    if (!Sha256.finish(actual).equals(digest)) {
      throw damaged("blob " + digest + " is damaged: remove it and build or pull the image again");
    }
  }

  /** The rest is read for the digest after the reader has closed its side. */
  private static final class Uncloseable extends FilterInputStream {
    private Uncloseable(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }

  /** What is done with a blob's content. */
  @FunctionalInterface
  interface Reader {
    void read(InputStream content) throws IOException;
  }

  /** Replaces a file so that a crash leaves the old or the new content, synced; for us alone. */
  void writeAtomically(Path target, byte[] bytes) throws IOException {
    Path file = Files.createTempFile(temporary, "write", null);
    try {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        out.write(bytes);
        channel.force(true);
      }
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(folderOf(target));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FaasException damaged(String message) {
    return new FaasException(ErrorCode.IMAGE_INVALID, "image", message);
  }
}
