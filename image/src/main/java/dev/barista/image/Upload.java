package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.image.RegistryException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One unfinished blob: a folder with the bytes so far and the name of its repository, so that it
 * outlives a restart. The digest is computed while the bytes arrive; only after a restart they are
 * read once more. One request at a time works on it; another waits a little, then is refused.
 */
public final class Upload {

  private static final int BLOCK_BYTES = 64 << 10;

  /** Long enough for the end of a connection that broke to be noticed. */
  private static final long BUSY_SECONDS = 5;

  private final String id;
  private final String repository;
  private final Path folder;
  private final Uploads uploads;
  private final Instant started;
  private final ReentrantLock busy = new ReentrantLock();

  // Mutable state; written by who holds busy
  private volatile long size;
  private volatile Instant lastUse;
  private volatile boolean ended;
  private @Nullable MessageDigest digest;

  private Upload(Uploads uploads, Path folder, String repository, Instant started, long size) {
    this.uploads = uploads;
    this.folder = folder;
    this.id = Folders.name(folder);
    this.repository = repository;
    this.started = started;
    this.lastUse = started;
    this.size = size;
    this.digest = size == 0 ? Sha256.start() : null;
  }

  static Upload create(Uploads uploads, Path folder, String repository, Instant now)
      throws IOException {
    Files.createDirectory(folder);
    Files.write(folder.resolve("repository"), repository.getBytes(UTF_8));
    Files.createFile(folder.resolve("data"));
    return new Upload(uploads, folder, repository, now, 0);
  }

  /** One that an earlier process began. */
  static Upload reopen(Uploads uploads, Path folder) throws IOException {
    Path data = folder.resolve("data");
    return new Upload(
        uploads,
        folder,
        Files.readString(folder.resolve("repository")),
        Files.getLastModifiedTime(data).toInstant(),
        Files.size(data));
  }

  /** For its address. */
  public String id() {
    return id;
  }

  /** Bytes that have arrived. */
  public long size() {
    return size;
  }

  /**
   * Bytes that have arrived, once the request that brings them has ended: who asks after a broken
   * connection must not hear a number that what is still in the pipe makes wrong. Waits a little.
   */
  public long settledSize() throws IOException {
    try {
      if (busy.tryLock(BUSY_SECONDS, TimeUnit.SECONDS)) {
        busy.unlock();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return size;
  }

  String repository() {
    return repository;
  }

  Instant started() {
    return started;
  }

  /** When it was last worked on; now, while it is. */
  Instant lastUse(Instant now) {
    return busy.isLocked() ? now : lastUse;
  }

  /**
   * Adds what a request brings. What has arrived stays, also when the request breaks off.
   *
   * @param from where the client believes that it continues; -1 = at the end, wherever that is
   * @param length announced by the client; -1 = not known
   * @throws RegistryException BLOB_UPLOAD_INVALID with 416 when {@code from} isn't the end;
   *     SIZE_INVALID for other bytes than announced or (413) a blob above the cap; STORAGE_FULL
   * @throws IOException when the client has gone or the disk fails
   */
  public void append(long from, long length, InputStream body) throws IOException {
    begin();
    try {
      if (from >= 0 && from != size) {
        throw new RegistryException(
            Code.BLOB_UPLOAD_INVALID,
            416,
            "Content-Range begins at " + from + " (expected: " + size + ", what comes next)");
      }
      uploads.requireRoom(size, Math.max(0, length));
      long before = size;
      write(body);
      if (length >= 0 && size - before != length) {
        throw new RegistryException(
            Code.SIZE_INVALID,
            "the request brought " + (size - before) + " bytes (expected: " + length + ")");
      }
    } finally {
      end();
    }
  }

  private void write(InputStream body) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long total = size;
    try (OutputStream out =
        Files.newOutputStream(folder.resolve("data"), StandardOpenOption.APPEND)) {
      for (int n = body.read(block); n >= 0; n = body.read(block)) {
        uploads.take(total, n);
        out.write(block, 0, n);
        total += n;
        size = total;
        if (digest != null) {
          digest.update(block, 0, n);
        }
      }
    } catch (IOException e) {
      // A block may stand there in part: count what the file has, and digest it again.
      size = Files.size(folder.resolve("data"));
      digest = null;
      throw e;
    }
  }

  /**
   * Makes it a blob of its repository. A wrong digest ends the upload: its bytes are useless.
   *
   * @throws RegistryException DIGEST_INVALID
   */
  public void finish(String expected) throws IOException {
    RepositoryName.requireDigest(expected);
    begin();
    try {
      Path data = folder.resolve("data");
      String actual = digest == null ? digestOf(data) : Sha256.finish(digest);
      if (!actual.equals(expected)) {
        drop();
        throw new RegistryException(
            Code.DIGEST_INVALID,
            "the blob's digest is " + actual + " (expected: " + expected + ")");
      }
      try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      uploads.adopt(this, data, expected);
      drop();
    } finally {
      end();
    }
  }

  /** Ends it and forgets its bytes. */
  public void cancel() throws IOException {
    begin();
    try {
      drop();
    } finally {
      end();
    }
  }

  /** Ends it if nobody works on it. */
  void expire() throws IOException {
    if (busy.tryLock()) {
      try {
        drop();
      } finally {
        busy.unlock();
      }
    }
  }

  private void drop() throws IOException {
    ended = true;
    uploads.forget(this);
    Folders.delete(folder);
  }

  private static String digestOf(Path data) throws IOException {
    MessageDigest digest = Sha256.start();
    byte[] block = new byte[BLOCK_BYTES];
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ);
        InputStream in = Channels.newInputStream(channel)) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        digest.update(block, 0, n);
      }
    }
    return Sha256.finish(digest);
  }

  private void begin() throws IOException {
    try {
      if (!busy.tryLock(BUSY_SECONDS, TimeUnit.SECONDS)) {
        throw new RegistryException(
            Code.TOOMANYREQUESTS, "another request works on this upload: try again when it ended");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (ended) {
      busy.unlock();
      throw Uploads.unknown();
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted while waiting for the upload", e);
  }

  private void end() {
    lastUse = uploads.now();
    busy.unlock();
  }
}
