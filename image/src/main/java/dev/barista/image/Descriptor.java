package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;

/**
 * OCI content descriptor.
 *
 * @param size of the content in bytes
 */
record Descriptor(String mediaType, String digest, long size, Map<String, String> annotations) {

  Descriptor {
    requireNonNull(mediaType, "mediaType");
    requireNonNull(digest, "digest");
    annotations = new TreeMap<>(annotations);
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
  }

  Descriptor(String mediaType, String digest, long size) {
    this(mediaType, digest, size, Map.of());
  }
}
