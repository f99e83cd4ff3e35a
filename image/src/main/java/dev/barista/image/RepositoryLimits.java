package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Caps on what is pushed.
 *
 * @param blobBytes of one blob
 * @param uploads unfinished ones at once
 * @param uploadTimeout after which an upload that nobody continues is dropped
 * @param storeBytes of all blobs, unfinished uploads and unpacked layers
 */
public record RepositoryLimits(
    long blobBytes, int uploads, Duration uploadTimeout, long storeBytes) {

  public RepositoryLimits {
    requireNonNull(uploadTimeout, "uploadTimeout");
    requirePositive("blobBytes", blobBytes);
    requirePositive("uploads", uploads);
    requirePositive("storeBytes", storeBytes);
    if (!uploadTimeout.isPositive()) {
      throw new IllegalArgumentException("uploadTimeout: " + uploadTimeout + " (expected: > 0)");
    }
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
