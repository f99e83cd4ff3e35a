package dev.barista.provider.process.sandbox;

/**
 * Bounds on each process of a replica, and on its /tmp.
 *
 * @param openFiles descriptors of one process
 * @param fileBytes size of one file that it writes
 * @param tmpBytes size of /tmp and of /dev/shm, each; kept at level sandbox only
 */
public record ProcessLimits(int openFiles, long fileBytes, long tmpBytes) {

  public static final ProcessLimits DEFAULT = new ProcessLimits(4_096, 1L << 30, 64L << 20);

  public ProcessLimits {
    if (openFiles < 16 || fileBytes < 512 || tmpBytes < 4_096) {
      throw new IllegalArgumentException(
          "open files: %d, file bytes: %d, tmp bytes: %d (expected: >= 16, 512, 4096)"
              .formatted(openFiles, fileBytes, tmpBytes));
    }
  }
}
