package dev.barista.image;

/** A layer in the store: its blob, and the digest of its uncompressed content. */
record Layer(Descriptor blob, String diffId, boolean reused) {}
