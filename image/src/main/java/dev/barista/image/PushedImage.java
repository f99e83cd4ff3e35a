package dev.barista.image;

/**
 * What a push did.
 *
 * @param digest of the manifest
 * @param blobs of the image
 * @param sentBlobs those that the registry didn't have
 * @param sentBytes of these
 */
public record PushedImage(String digest, int blobs, int sentBlobs, long sentBytes) {}
