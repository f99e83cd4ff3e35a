package dev.barista.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One collection, under the store's lock. First names go while the store is too large, then
 * everything that no remaining name or retained digest leads to.
 */
final class GarbageCollector {

  /** Longer than any step between writing a blob and naming it, or resolving and deploying. */
  static final Duration GRACE = Duration.ofMinutes(15);

  /** Longer than any build takes. */
  private static final Duration LEFTOVER = Duration.ofDays(1);

  private static final long LARGEST_MANIFEST = 256 << 10;

  private final ImageStore store;
  private final BlobStore blobs;
  private final ImageIndex index;
  private final ImageTrees trees;
  private final Instant now;

  // Mutable state
  private long freedBytes;

  GarbageCollector(
      ImageStore store, BlobStore blobs, ImageIndex index, ImageTrees trees, Instant now) {
    this.store = store;
    this.blobs = blobs;
    this.index = index;
    this.trees = trees;
    this.now = now;
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

  private List<Descriptor> leastRecentlyUsed() throws IOException {
    List<Descriptor> entries = new ArrayList<>(index.entries());
    List<Instant> times = new ArrayList<>();
    for (Descriptor entry : entries) {
      times.add(lastUse(blobs.path(entry.digest())));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(times::get));
    return order.stream().map(entries::get).toList();
  }

  private long size() throws IOException {
    return Folders.size(blobs.folder()) + Folders.size(trees.layers());
  }

  /** File names of all blobs, layers and trees that are in use. */
  private Set<String> reachable(Set<String> retain) throws IOException {
    Set<String> manifests = new HashSet<>(retain);
    index.entries().forEach(entry -> manifests.add(entry.digest()));
    for (Path blob : children(blobs.folder())) {
      if (isRecent(blob)) {
        manifests.add("sha256:" + Folders.name(blob));
      }
    }
    Set<String> names = new HashSet<>();
    for (String digest : manifests) {
      names.add(Sha256.hex(digest));
      names.add(Sha256.fileName(digest));
      if (isDocument(blobs.path(digest))) {
        addContent(digest, names);
      }
    }
    return names;
  }

  /** A layer is no manifest, and too large to look into. */
  private static boolean isDocument(Path blob) throws IOException {
    return Files.exists(blob) && Files.size(blob) <= LARGEST_MANIFEST;
  }

  private void addContent(String digest, Set<String> names) throws IOException {
    try {
      Manifest manifest = store.manifest(digest);
      names.add(Sha256.hex(manifest.config().digest()));
      manifest.layers().forEach(layer -> names.add(Sha256.hex(layer.digest())));
      store.config(manifest).diffIds().forEach(id -> names.add(Sha256.fileName(id)));
    } catch (RuntimeException | IOException e) {
      // A recent blob that is no manifest, or a damaged one: it stays, and leads nowhere.
      return;
    }
  }

  private void sweep(Set<String> reachable) throws IOException {
    for (Path folder : List.of(blobs.folder(), trees.trees(), trees.layers())) {
      for (Path child : children(folder)) {
        String name = Folders.name(child);
        if (!reachable.contains(name) && !name.equals("empty") && !isRecent(child)) {
          freedBytes += folder.equals(trees.trees()) ? 0 : sizeOf(child);
          Folders.delete(child);
        }
      }
    }
  }

  private static long sizeOf(Path path) throws IOException {
    return Files.isDirectory(path) ? Folders.size(path) : Files.size(path);
  }

  private boolean isRecent(Path path) throws IOException {
    return lastUse(path).isAfter(now.minus(GRACE));
  }

  private static Instant lastUse(Path path) throws IOException {
    return Files.exists(path) ? Files.getLastModifiedTime(path).toInstant() : Instant.EPOCH;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }
}
