package dev.barista.image;

/**
 * Caps against archives made to fill a disk.
 *
 * @param bytes unpacked size of one layer
 * @param entries files, folders and links of one layer
 * @param ratio unpacked bytes for each packed byte, beyond the first {@code ratioFreeBytes}
 */
record UnpackLimits(long bytes, int entries, int ratio, long ratioFreeBytes) {

  private static final long GIB = 1L << 30;

  /** Four times the largest machine-learning wheels seen. */
  static final UnpackLimits DEFAULT = new UnpackLimits(8 * GIB, 500_000, 200, 64L << 20);
}
