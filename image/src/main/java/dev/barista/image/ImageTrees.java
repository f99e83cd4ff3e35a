package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The unpacked side of the store: {@code layers/sha256-…} once for each layer, {@code trees/…} once
 * for each image, made of hard links to the layers. Everything is made in a temporary folder and
 * renamed, so what has its name is complete; who comes second throws its own away.
 */
final class ImageTrees {

  private final Path layers;
  private final Path trees;
  private final Path temporary;
  private final BlobStore blobs;
  private final UnpackLimits limits;

  ImageTrees(Path root, Path temporary, BlobStore blobs, UnpackLimits limits) throws IOException {
    this.layers = hidden(root.resolve("layers"));
    this.trees = hidden(root.resolve("trees"));
    this.temporary = temporary;
    this.blobs = blobs;
    this.limits = limits;
  }

  Path layers() {
    return layers;
  }

  Path trees() {
    return trees;
  }

  /** Bytes of the unpacked layers, which trees share. */
  long layerBytes() throws IOException {
    return Folders.size(layers);
  }

  /** The tree of an image without files. */
  Path empty() throws IOException {
    Path folder = Files.createDirectories(trees.resolve("empty"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  Path treeOf(String imageDigest, Manifest manifest, ImageConfig config) throws IOException {
    Path tree = trees.resolve(Sha256.fileName(imageDigest));
    if (Files.isDirectory(tree)) {
      return tree;
    }
    if (manifest.layers().size() != config.diffIds().size()) {
      throw invalid("the image's configuration and manifest disagree on its layers");
    }
    Path draft = draft();
    try {
      var assembler = new TreeAssembler(draft);
      for (int i = 0; i < manifest.layers().size(); i++) {
        assembler.add(layerOf(manifest.layers().get(i), config.diffIds().get(i)));
      }
      publish(draft, tree);
    } finally {
      Folders.delete(draft);
    }
    return tree;
  }

  Path layerOf(Descriptor descriptor, String diffId) throws IOException {
    Path layer = layers.resolve(Sha256.fileName(diffId));
    if (Files.isDirectory(layer)) {
      return layer;
    }
    Path draft = draft();
    try {
      blobs.read(descriptor.digest(), packed -> unpack(packed, descriptor, diffId, draft));
      publish(draft, layer);
    } finally {
      Folders.delete(draft);
    }
    return layer;
  }

  private void unpack(InputStream packed, Descriptor descriptor, String diffId, Path draft)
      throws IOException {
    MessageDigest actual = Sha256.start();
    try (var plain = new DigestInputStream(plain(packed, descriptor.mediaType()), actual)) {
      new LayerUnpacker(draft, limits, descriptor.size()).unpack(plain);
      drain(plain);
    } catch (ZipException | EOFException e) {
      throw invalid("a layer is damaged, or isn't packed as the manifest says");
    }
    if (!Sha256.finish(actual).equals(diffId)) {
      throw invalid("content of a layer doesn't match its digest in the image's configuration");
    }
  }

  /** Padding behind the archive's end belongs to the digest; a bomb may hide there. */
  private void drain(InputStream plain) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long drained = 0;
    for (int n = plain.read(buffer); n >= 0; n = plain.read(buffer)) {
      drained += n;
      if (drained > limits.ratioFreeBytes()) {
        throw invalid("a layer has more than " + limits.ratioFreeBytes() + " bytes of padding");
      }
    }
  }

  private static InputStream plain(InputStream packed, String mediaType) throws IOException {
    if (mediaType.endsWith("tar+gzip") || mediaType.endsWith("tar.gzip")) {
      return new BufferedInputStream(new GZIPInputStream(packed, 64 * 1024), 64 * 1024);
    }
    if (mediaType.endsWith(".tar")) {
      return new BufferedInputStream(packed, 64 * 1024);
    }
    throw invalid("a layer has the media type " + mediaType + " (expected: tar or tar+gzip)");
  }

  private Path draft() throws IOException {
    Path draft = Files.createTempDirectory(temporary, "unpack");
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
    return draft;
  }

  private static void publish(Path draft, Path target) throws IOException {
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  private static Path hidden(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    return folder;
  }

  private static FaasException invalid(String sentence) {
    return new FaasException(ErrorCode.IMAGE_INVALID, "image", sentence);
  }
}
