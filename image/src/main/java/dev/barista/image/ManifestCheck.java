package dev.barista.image;

import dev.barista.api.FaasException;
import dev.barista.api.Printable;
import dev.barista.image.RegistryException.Code;
import java.io.IOException;
import java.util.OptionalLong;

/** What a manifest must be to be taken. */
final class ManifestCheck {

  private ManifestCheck() {}

  /**
   * @param mediaType as the request says
   * @throws RegistryException MANIFEST_INVALID
   */
  static ManifestDocument parse(String mediaType, byte[] content) {
    if (!ManifestDocument.isKnown(mediaType)) {
      throw new RegistryException(
          Code.MANIFEST_INVALID,
          "Content-Type: \""
              + Printable.line(mediaType)
              + "\" (expected: a manifest or an index, of OCI or of Docker's version 2)");
    }
    ManifestDocument document;
    try {
      document = OciJson.readDocument(content);
    } catch (FaasException e) {
      throw new RegistryException(Code.MANIFEST_INVALID, e.getMessage());
    }
    if (!document.mediaType().isEmpty() && !document.mediaType().equals(mediaType)) {
      throw new RegistryException(
          Code.MANIFEST_INVALID, "the manifest's mediaType isn't the request's Content-Type");
    }
    if (ManifestDocument.isIndex(mediaType) == document.config().isPresent()) {
      throw new RegistryException(
          Code.MANIFEST_INVALID, "a manifest has a config, and an index has none");
    }
    return document;
  }

  /**
   * All that it names must be there. Called under the store's lock, so that no collection takes it
   * before the manifest has a name.
   *
   * @throws RegistryException MANIFEST_BLOB_UNKNOWN, MANIFEST_INVALID
   */
  static void requireContent(ManifestDocument document, BlobStore blobs) throws IOException {
    for (Descriptor part : document.parts()) {
      requirePart(part, blobs);
    }
    for (ManifestDocument.IndexEntry member : document.manifests()) {
      requirePart(member.descriptor(), blobs);
    }
  }

  private static void requirePart(Descriptor part, BlobStore blobs) throws IOException {
    OptionalLong size = blobs.size(part.digest());
    if (size.isEmpty()) {
      throw new RegistryException(
          Code.MANIFEST_BLOB_UNKNOWN,
          "the manifest needs " + part.digest() + ", which has not been pushed");
    }
    if (size.getAsLong() != part.size()) {
      throw new RegistryException(
          Code.MANIFEST_INVALID,
          "the manifest gives "
              + part.digest()
              + " "
              + part.size()
              + " bytes (expected: "
              + size.getAsLong()
              + ")");
    }
  }
}
