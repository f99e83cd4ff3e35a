package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Remembers which layer came out of which input, so that an unchanged one is not made again. Each
 * entry is a small file named by the digest of the input; one whose blob is gone counts for
 * nothing.
 */
final class LayerCache {

  private final Path folder;
  private final BlobStore blobs;

  LayerCache(Path folder, BlobStore blobs) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.blobs = blobs;
  }

  /**
   * @param key {@code sha256:HEX} of everything that the layer depends on
   */
  Optional<Layer> find(String key) throws IOException {
    return find(key, /* use= */ true);
  }

  private Optional<Layer> find(String key, boolean use) throws IOException {
    Path file = folder.resolve(Sha256.hex(key));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, UTF_8);
    if (lines.size() != 3 || !lines.get(2).matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    var blob = new Descriptor(OciJson.LAYER_GZIP, lines.get(0), Long.parseLong(lines.get(2)));
    return blobs.has(blob) && (!use || blobs.touch(blob.digest()))
        ? Optional.of(new Layer(blob, lines.get(1), /* reused= */ true))
        : Optional.empty();
  }

  void put(String key, Layer layer) throws IOException {
    Descriptor blob = layer.blob();
    String text = blob.digest() + '\n' + layer.diffId() + '\n' + blob.size() + '\n';
    blobs.writeAtomically(folder.resolve(Sha256.hex(key)), text.getBytes(UTF_8));
  }

  /** Drops the entries whose layer is no longer in the store. */
  void forgetLost() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (find("sha256:" + Folders.name(file), /* use= */ false).isEmpty()) {
          Files.delete(file);
        }
      }
    }
  }
}
