package dev.barista.image;

/**
 * What a build made.
 *
 * @param digest of the manifest, the same for the same input
 * @param bytes compressed size of all layers
 * @param reusedLayers layers that were in the store already
 */
public record BuiltImage(ImageReference reference, String digest, long bytes, int reusedLayers) {}
