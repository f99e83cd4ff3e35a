package dev.barista.image;

import java.util.List;

/**
 * What a collection freed.
 *
 * @param removed names that had to go for the cap
 * @param freedBytes of blobs and unpacked layers
 * @param keptBytes what the store still takes
 */
public record CollectedGarbage(List<ImageReference> removed, long freedBytes, long keptBytes) {

  public CollectedGarbage {
    removed = List.copyOf(removed);
  }
}
