package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Copies images of this host's store to a registry, moving only what that doesn't have.
 * Thread-safe, blocking.
 */
public final class ImagePusher {

  private final ImageStore store;
  private final int parallel;
  private final TransferListener listener;

  /**
   * @param parallel blobs sent at once
   */
  public ImagePusher(ImageStore store, int parallel, TransferListener listener) {
    if (parallel < 1) {
      throw new IllegalArgumentException("parallel: " + parallel + " (expected: >= 1)");
    }
    this.store = store;
    this.parallel = parallel;
    this.listener = listener;
  }

  /**
   * @param image in the store
   * @param repository in the registry
   * @throws FaasException IMAGE_INVALID with a sentence: no such image here, the registry refuses
   * @throws IOException when the registry can't be reached, or the connection broke too often
   */
  public PushedImage push(ImageReference image, String repository, RemoteRegistry registry)
      throws IOException {
    Descriptor root =
        store
            .index()
            .find(image)
            .orElseThrow(
                () ->
                    new FaasException(
                        ErrorCode.IMAGE_INVALID,
                        "image",
                        "image " + image + " isn't in this host's store: build it first"));
    RemoteRepository remote = new RemoteRepository(registry, repository);
    if (remote.has(image.bareVersion(), root.digest())) {
      return new PushedImage(root.digest(), 0, 0, 0);
    }
    return push(root, image.bareVersion(), remote);
  }

  private PushedImage push(Descriptor root, String version, RemoteRepository remote)
      throws IOException {
    Map<String, Descriptor> blobs = new TreeMap<>();
    ManifestDocument document = store.document(root.digest());
    List<Descriptor> members =
        document.manifests().stream().map(ManifestDocument.IndexEntry::descriptor).toList();
    collect(document, blobs);
    for (Descriptor member : members) {
      collect(store.document(member.digest()), blobs);
    }
    List<Long> sent = send(List.copyOf(blobs.values()), remote);
    for (Descriptor member : members) {
      remote.putManifest(member.digest(), member.mediaType(), read(member));
    }
    remote.putManifest(version, root.mediaType(), read(root));
    return new PushedImage(
        root.digest(),
        blobs.size(),
        (int) sent.stream().filter(bytes -> bytes > 0).count(),
        sent.stream().mapToLong(Long::longValue).sum());
  }

  private static void collect(ManifestDocument document, Map<String, Descriptor> blobs) {
    document.parts().forEach(part -> blobs.put(part.digest(), part));
  }

  private byte[] read(Descriptor manifest) throws IOException {
    return store.blobs().read(manifest.digest(), ImageStore.LARGEST_DOCUMENT);
  }

  /** Bytes sent of each. */
  private List<Long> send(List<Descriptor> blobs, RemoteRepository remote) throws IOException {
    List<Long> sent = new ArrayList<>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.min(parallel, Math.max(1, blobs.size())),
            Thread.ofPlatform().name("push-", 0).daemon().factory())) {
      List<Future<Long>> running = new ArrayList<>();
      for (Descriptor blob : blobs) {
        running.add(
            workers.submit(
                () -> {
                  store.blobs().touch(blob.digest());
                  return remote.putBlob(blob, store.blobs().path(blob.digest()), listener);
                }));
      }
      try {
        for (Future<Long> one : running) {
          sent.add(one.get());
        }
      } catch (ExecutionException e) {
        running.forEach(one -> one.cancel(/* mayInterruptIfRunning= */ true));
        throw failure(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while pushing", e);
      }
    }
    return sent;
  }

  private static IOException failure(ExecutionException failed) {
    return switch (failed.getCause()) {
      case RuntimeException known -> throw known;
      case IOException known -> known;
      case null, default -> new IOException(failed);
    };
  }
}
