package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tag names which manifest: the layout's {@code index.json}. Writers hold the store's lock.
 */
final class ImageIndex {

  private static final int LARGEST_INDEX = 16 << 20;

  private final Path file;
  private final BlobStore blobs;

  ImageIndex(Path root, BlobStore blobs) throws IOException {
    this.file = root.resolve("index.json");
    this.blobs = blobs;
    if (!Files.exists(root.resolve("oci-layout"))) {
      blobs.writeAtomically(
          root.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8));
    }
    if (!Files.exists(file)) {
      write(List.of());
    }
  }

  /** The manifests with a name. */
  List<Descriptor> entries() throws IOException {
    if (Files.size(file) > LARGEST_INDEX) {
      throw new IOException("index.json is larger than " + LARGEST_INDEX + " bytes");
    }
    return OciJson.readIndex(Files.readAllBytes(file));
  }

  Optional<Descriptor> find(ImageReference reference) throws IOException {
    return entries().stream()
        .filter(
            entry ->
                reference.isDigest()
                    ? entry.digest().equals(reference.bareVersion())
                    : reference.toString().equals(nameOf(entry)))
        .findFirst();
  }

  /** Gives a manifest a name, which it takes from the one that had it. */
  void tag(ImageReference reference, Descriptor manifest) throws IOException {
    List<Descriptor> entries = without(reference);
    entries.add(
        new Descriptor(
            manifest.mediaType(),
            manifest.digest(),
            manifest.size(),
            Map.of(OciJson.REF_NAME, reference.toString())));
    write(entries);
  }

  void untag(ImageReference reference) throws IOException {
    write(without(reference));
  }

  static String nameOf(Descriptor entry) {
    return entry.annotations().getOrDefault(OciJson.REF_NAME, "");
  }

  private List<Descriptor> without(ImageReference reference) throws IOException {
    List<Descriptor> entries = new ArrayList<>(entries());
    entries.removeIf(entry -> reference.toString().equals(nameOf(entry)));
    return entries;
  }

  private void write(List<Descriptor> entries) throws IOException {
    blobs.writeAtomically(file, OciJson.index(entries));
  }
}
