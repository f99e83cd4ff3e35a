package dev.barista.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One collection, under the store's lock. First names go while the store is too large, then
 * everything that no remaining name or retained digest leads to.
 *
 * <p>Clients ask for blobs without the lock, and touch what they count on. So a blob is moved aside
 * first and looked at again: one that was touched meanwhile goes back, and who asks in between
 * hears that it isn't there and sends it. Moved aside and then deleted, a folder never stands half
 * emptied under its name, wherever a crash may fall.
 */
final class GarbageCollector {

  /** Longer than any step between writing a blob and naming it, or resolving and deploying. */
  static final Duration GRACE = Duration.ofMinutes(15);

  /** Longer than any build takes. */
  private static final Duration LEFTOVER = Duration.ofDays(1);

  private final ImageStore store;
  private final BlobStore blobs;
  private final ImageIndex index;
  private final ImageTrees trees;
  private final Instant now;
  private final Instant recent;

  // Mutable state
  private long freedBytes;

  /**
   * @param recent what was used after it stays
   */
  GarbageCollector(
      ImageStore store,
      BlobStore blobs,
      ImageIndex index,
      ImageTrees trees,
      Instant now,
      Instant recent) {
    this.store = store;
    this.blobs = blobs;
    this.index = index;
    this.trees = trees;
    this.now = now;
    this.recent = recent;
  }

  CollectedGarbage collect(Set<String> retain, long capBytes) throws IOException {
    List<ImageReference> removed = new ArrayList<>();
    clearLeftovers();
    sweep(reachable(retain));
    long size = size();
    for (Descriptor entry : leastRecentlyUsed()) {
      if (size <= capBytes) {
        break;
      }
      if (!retain.contains(entry.digest()) && !isRecent(blobs.path(entry.digest()))) {
        ImageReference name = ImageReference.parse(ImageIndex.nameOf(entry));
        index.untag(name);
        removed.add(name);
        sweep(reachable(retain));
        size = size();
      }
    }
    store.links().forgetLost(blobs);
    return new CollectedGarbage(removed, freedBytes, size);
  }

  /** What crashed builds left, and notes on layers that are gone. */
  private void clearLeftovers() throws IOException {
    for (Path child : children(store.temporaryFolder())) {
      if (lastUse(child).isBefore(now.minus(LEFTOVER))) {
        Folders.delete(child);
      }
    }
    new LayerCache(store.folder().resolve("builds"), blobs).forgetLost();
  }

  /** The names that could be made again, the one to forget first in front. */
  private List<Descriptor> leastRecentlyUsed() throws IOException {
    List<Descriptor> entries = new ArrayList<>();
    Map<Descriptor, Instant> times = new HashMap<>();
    for (Descriptor entry : index.entries()) {
      if (!ImageIndex.isPushed(entry)) {
        entries.add(entry);
        times.put(entry, lastUse(blobs.path(entry.digest())));
      }
    }
    entries.sort(Comparator.comparing(times::get));
    return entries;
  }

  private long size() throws IOException {
    return blobs.bytes() + trees.layerBytes();
  }

  /** File names of all blobs, layers and trees that are in use. */
  private Set<String> reachable(Set<String> retain) throws IOException {
    Deque<String> documents = new ArrayDeque<>(retain);
    index.entries().forEach(entry -> documents.add(entry.digest()));
    for (Path blob : children(blobs.folder())) {
      if (isRecent(blob)) {
        documents.add("sha256:" + Folders.name(blob));
      }
    }
    Set<String> names = new HashSet<>();
    while (!documents.isEmpty()) {
      String digest = documents.remove();
      if (names.add(Sha256.hex(digest))) {
        names.add(Sha256.fileName(digest));
        addContent(digest, names, documents);
      }
    }
    return names;
  }

  private void addContent(String digest, Set<String> names, Deque<String> documents)
      throws IOException {
    if (blobs.size(digest).orElse(Long.MAX_VALUE) > ImageStore.LARGEST_DOCUMENT) {
      return; // a layer is no manifest
    }
    try {
      ManifestDocument document = store.document(digest);
      document.manifests().forEach(member -> documents.add(member.descriptor().digest()));
      document.layers().forEach(layer -> names.add(Sha256.hex(layer.digest())));
      if (document.config().isPresent()) {
        String config = document.config().get().digest();
        names.add(Sha256.hex(config));
        store.config(config).diffIds().forEach(id -> names.add(Sha256.fileName(id)));
      }
    } catch (RuntimeException | IOException e) {
      // A recent blob that is no manifest, or a damaged one: it stays, and leads nowhere further.
      return;
    }
  }

  private void sweep(Set<String> reachable) throws IOException {
    for (Path folder : List.of(trees.trees(), trees.layers(), blobs.folder())) {
      for (Path child : children(folder)) {
        String name = Folders.name(child);
        if (!reachable.contains(name) && !name.equals("empty") && !isRecent(child)) {
          long bytes = folder.equals(trees.trees()) ? 0 : sizeOf(child);
          freedBytes += remove(child) ? bytes : 0;
        }
      }
    }
  }

  /** Returns false when somebody has come to count on it at the last moment. */
  private boolean remove(Path child) throws IOException {
    Path aside = Files.createTempDirectory(store.temporaryFolder(), "garbage");
    try {
      Path moved = aside.resolve(Folders.name(child));
      Files.move(child, moved, StandardCopyOption.ATOMIC_MOVE);
      if (!isRecent(moved)) {
        return true;
      }
      if (!Files.exists(child)) {
        Files.move(moved, child, StandardCopyOption.ATOMIC_MOVE);
      }
      return false;
    } catch (NoSuchFileException e) {
      return false; // deleted by hand
    } finally {
      Folders.delete(aside);
    }
  }

  private static long sizeOf(Path path) throws IOException {
    return Files.isDirectory(path) ? Folders.size(path) : Files.size(path);
  }

  private boolean isRecent(Path path) throws IOException {
    return lastUse(path).isAfter(recent);
  }

  private static Instant lastUse(Path path) throws IOException {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }
}
