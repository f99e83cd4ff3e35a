package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which tag names which manifest: the layout's {@code index.json}. Writers hold the store's lock.
 */
final class ImageIndex {

  private static final int LARGEST_INDEX = 16 << 20;

  /** Marks a name that was pushed: nobody here could make it again, so it stays until deleted. */
  private static final String PUSHED = "dev.barista.pushed";

  private final Path file;
  private final BlobStore blobs;

  // Mutable state
  private volatile @Nullable Read last;

  /**
   * What the file said.
   *
   * @param key of the file: each writer makes a new one
   */
  private record Read(@Nullable Object key, FileTime time, List<Descriptor> entries) {}

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
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Read read = last;
    if (read != null
        && read.time().equals(attributes.lastModifiedTime())
        && Objects.equals(read.key(), attributes.fileKey())) {
      return read.entries();
    }
    if (attributes.size() > LARGEST_INDEX) {
      throw new IOException("index.json is larger than " + LARGEST_INDEX + " bytes");
    }
    List<Descriptor> entries = List.copyOf(OciJson.readIndex(Files.readAllBytes(file)));
    last = new Read(attributes.fileKey(), attributes.lastModifiedTime(), entries);
    return entries;
  }

  /** The manifests of one repository: tags and digests under which they were pushed. */
  List<Descriptor> entries(String repository) throws IOException {
    return entries().stream()
        .filter(
            entry -> {
              String name = nameOf(entry);
              return name.length() > repository.length()
                  && name.startsWith(repository)
                  && ":@".indexOf(name.charAt(repository.length())) >= 0
                  && ImageReference.parse(name).repository().equals(repository);
            })
        .toList();
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
    tag(reference, manifest, Map.of(OciJson.REF_NAME, reference.toString()));
  }

  /** The same for a name that was pushed. */
  void tagPushed(ImageReference reference, Descriptor manifest) throws IOException {
    tag(reference, manifest, Map.of(OciJson.REF_NAME, reference.toString(), PUSHED, "true"));
  }

  private void tag(ImageReference reference, Descriptor manifest, Map<String, String> annotations)
      throws IOException {
    List<Descriptor> entries = without(reference);
    entries.add(
        new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), annotations));
    write(entries);
  }

  void untag(ImageReference reference) throws IOException {
    write(without(reference));
  }

  void untag(List<Descriptor> gone) throws IOException {
    List<Descriptor> entries = new ArrayList<>(entries());
    entries.removeAll(gone);
    write(entries);
  }

  static boolean isPushed(Descriptor entry) {
    return entry.annotations().containsKey(PUSHED);
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
    byte[] json = OciJson.index(entries);
    if (json.length > LARGEST_INDEX) {
      throw new FaasException(
          ErrorCode.IMAGE_INVALID,
          "image",
          "the image store has too many names (" + entries.size() + "): delete some tags first");
    }
    blobs.writeAtomically(file, json);
  }
}
