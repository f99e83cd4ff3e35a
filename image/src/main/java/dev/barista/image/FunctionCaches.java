package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What compilers and package managers keep between the builds of a function, a folder for each:
 * whoever poisons it poisons that function only, whose code it is anyway. Nothing is lost with one.
 */
final class FunctionCaches {

  /** All together. */
  static final long CAP_BYTES = 8L << 30;

  private final Path folder;

  FunctionCaches(Path storeFolder) throws IOException {
    this.folder = Files.createDirectories(storeFolder.resolve("caches"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** The function's folder, which may not exist yet. */
  Path of(ImageReference function) {
    return folder.resolve(Sha256.hex(Sha256.of(function.repository().getBytes(UTF_8))));
  }

  /** Makes one if there is none, for its owner only, and remembers that it is in use. */
  static Path open(Path cache) throws IOException {
    Files.createDirectories(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
    Files.setLastModifiedTime(cache, FileTime.from(Instant.now()));
    return cache;
  }

  /** Puts into a folder what new caches begin with. */
  @FunctionalInterface
  interface Filler {
    void fill(Path draft) throws IOException;
  }

  /**
   * Lets a function's new cache begin as a copy of one that is filled once for this host, by code
   * of the platform's own choice only: what one function could write there another would run. A
   * cache that can't be filled ahead begins empty: the function may not need what was missing.
   *
   * @param key digest of all that the content depends on
   * @param notice told before it is filled
   */
  static void seed(BuildContext context, String key, String notice, Filler filler)
      throws IOException {
    Path cache = context.cache();
    BuildListener listener = context.listener();
    if (Files.exists(cache)) {
      return;
    }
    Path base = cache.resolveSibling("base-" + Sha256.hex(key));
    if (!Files.exists(base)) {
      try {
        make(
            base,
            draft -> {
              listener.progress(notice + ", once for this host");
              filler.fill(draft);
            });
      } catch (FaasException e) {
        listener.progress("goes on with an empty cache: " + e.getMessage());
        return;
      }
    }
    make(cache, draft -> Folders.copy(open(base), draft));
  }

  /** All of a folder or nothing, whenever this process ends. */
  private static void make(Path folder, Filler filler) throws IOException {
    String mine = "-" + ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
    Path draft = folder.resolveSibling(Folders.name(folder) + mine);
    try {
      filler.fill(draft);
      if (BuildUser.isPossible()) {
        new BuildUser(0).own(draft);
      }
      Files.move(draft, folder);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(folder)) { // else another build was faster
        throw e;
      }
    } finally {
      Folders.delete(draft);
    }
  }

  /** Deletes those that were used least recently while all take more than {@code capBytes}. */
  void trim(Path justUsed, Instant now, long capBytes) throws IOException {
    Files.setLastModifiedTime(justUsed, FileTime.from(now));
    record Used(Path folder, FileTime time, long bytes) {}
    List<Used> all = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        all.add(new Used(child, Files.getLastModifiedTime(child), Folders.size(child)));
      }
    }
    all.sort(Comparator.comparing(Used::time));
    long sum = all.stream().mapToLong(Used::bytes).sum();
    for (Used oldest : all) {
      if (sum <= capBytes) {
        return;
      }
      Folders.delete(oldest.folder());
      sum -= oldest.bytes();
    }
  }
}
