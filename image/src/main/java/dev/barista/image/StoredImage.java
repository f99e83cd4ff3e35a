package dev.barista.image;

import java.util.Map;

/**
 * One name in the store.
 *
 * @param bytes compressed size of all layers
 */
public record StoredImage(
    ImageReference reference, String digest, long bytes, Map<String, String> labels) {

  public StoredImage {
    labels = Map.copyOf(labels);
  }
}
