package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.image.RegistryTransport.Answer;
import dev.barista.image.RegistryTransport.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;

/**
 * Copies host images from other registries into the store. Trusts nothing: every digest is
 * verified, every size capped, and an image that can't run here is refused before its layers are
 * loaded. Thread-safe, blocking.
 */
public final class ImagePuller {

  private static final int BLOCK_BYTES = 64 << 10;
  private static final long NANOS = 1_000_000_000L;

  private final ImageStore store;
  private final long largestBlob;
  private final long largestImage;
  private final Duration timeout;
  private final Room room;

  /** Whether the store may take more. */
  @FunctionalInterface
  public interface Room {
    /**
     * @throws RegistryException STORAGE_FULL
     */
    void require(long bytes) throws IOException;
  }

  /**
   * @param largestBlob bytes of one layer
   * @param largestImage bytes of all layers
   * @param timeout of a whole pull
   * @param room asked before layers are loaded
   */
  public ImagePuller(
      ImageStore store, long largestBlob, long largestImage, Duration timeout, Room room) {
    this.store = store;
    this.room = room;
    this.largestBlob = largestBlob;
    this.largestImage = largestImage;
    this.timeout = timeout;
  }

  /**
   * Loads what the store doesn't have, and names it.
   *
   * @param reference the name that it gets here
   * @param repository its name there
   * @throws FaasException IMAGE_INVALID with a sentence for the user
   * @throws IOException when the registry can't be reached
   */
  public void pull(ImageReference reference, String repository, RemoteRegistry registry)
      throws IOException {
    new Pull(reference, repository, registry).run();
  }

  private final class Pull {

    private final ImageReference reference;
    private final String root;
    private final String scope;
    private final RemoteRegistry registry;
    private final long startNanos = System.nanoTime();

    private Pull(ImageReference reference, String repository, RemoteRegistry registry) {
      this.reference = reference;
      this.root = "/v2/" + repository;
      this.scope = "repository:" + repository + ":pull";
      this.registry = registry;
    }

    private void run() throws IOException {
      byte[] content = manifest(reference.bareVersion());
      if (reference.isDigest()) {
        requireDigest(content, reference.bareVersion());
      }
      ManifestDocument document = OciJson.readDocument(content);
      if (!document.manifests().isEmpty()) {
        String member = store.resolver().memberOf(reference, document).digest();
        content = manifest(member);
        requireDigest(content, member);
        document = OciJson.readDocument(content);
      }
      Descriptor config =
          document.config().orElseThrow(() -> registry.failed("has no image of that name"));
      if (config.size() > ImageStore.LARGEST_DOCUMENT) {
        throw tooLarge("configuration", ImageStore.LARGEST_DOCUMENT);
      }
      load(config);
      store.resolver().requireRunnable(reference, store.config(config.digest()));
      loadLayers(document.layers());
      store.savePulled(reference, content, document.parts());
    }

    private void loadLayers(List<Descriptor> layers) throws IOException {
      long sum = 0;
      for (Descriptor layer : layers) {
        sum += layer.size();
        if (layer.size() > largestBlob) {
          throw tooLarge("layer", largestBlob);
        }
        if (sum > largestImage) {
          throw tooLarge("image", largestImage);
        }
      }
      room.require(sum);
      for (Descriptor layer : layers) {
        load(layer);
      }
    }

    private byte[] manifest(String version) throws IOException {
      URI uri = registry.resolve(root + "/manifests/" + version);
      Call call = Call.of("GET", uri).with("Accept", ManifestDocument.ACCEPTED);
      try (Answer answer = registry.send(call, scope)) {
        if (answer.status() == 404) {
          throw registry.failed("has no image " + reference.path() + reference.version());
        }
        if (answer.status() != 200) {
          throw registry.unexpected("the manifest of " + reference, answer);
        }
        byte[] content = answer.body().readNBytes(ImageStore.LARGEST_DOCUMENT + 1);
        if (content.length > ImageStore.LARGEST_DOCUMENT) {
          throw tooLarge("manifest", ImageStore.LARGEST_DOCUMENT);
        }
        return content;
      }
    }

    private void requireDigest(byte[] content, String digest) {
      if (!Sha256.of(content).equals(digest)) {
        throw registry.failed("sent another manifest than " + digest);
      }
    }

    private void load(Descriptor blob) throws IOException {
      if (store.blobs().has(blob) && store.blobs().touch(blob.digest())) {
        return;
      }
      URI uri = registry.resolve(root + "/blobs/" + blob.digest());
      Path file = Files.createTempFile(store.temporaryFolder(), "pull", null);
      try (Answer answer = registry.send(Call.of("GET", uri), scope)) {
        if (answer.status() != 200) {
          throw registry.unexpected("a layer of " + reference, answer);
        }
        receive(answer.body(), blob, file);
        store.blobs().adopt(file, blob.digest());
      } finally {
        Files.deleteIfExists(file);
      }
    }

    private void receive(InputStream in, Descriptor blob, Path file) throws IOException {
      MessageDigest digest = Sha256.start();
      byte[] block = new byte[BLOCK_BYTES];
      long bytes = 0;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
          bytes += n;
          if (bytes > blob.size()) {
            break;
          }
          requireTime();
          digest.update(block, 0, n);
          out.write(block, 0, n);
        }
        channel.force(true);
      }
      if (bytes != blob.size() || !Sha256.finish(digest).equals(blob.digest())) {
        throw registry.failed("sent other content than " + blob.digest());
      }
    }

    private void requireTime() {
      if (System.nanoTime() - startNanos > timeout.toNanos()) {
        throw registry.failed(
            "did not send the whole image within " + timeout.toNanos() / NANOS + " s");
      }
    }

    private FaasException tooLarge(String what, long bytes) {
      return new FaasException(
          ErrorCode.IMAGE_INVALID,
          "image",
          "the " + what + " of " + reference + " is larger than " + bytes + " bytes",
          what.equals("layer") ? "--max-blob" : "--max-images",
          null);
    }
  }
}
