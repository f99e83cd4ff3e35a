package dev.barista.provider.process.log;

/**
 * How much of what replicas write is kept.
 *
 * @param fileBytes a replica's file is rotated at this size; one older file is kept
 * @param filesPerFunction of replicas that are gone, the newest
 */
public record LogLimits(long fileBytes, int filesPerFunction) {

  /** At most 1 MiB for each replica. */
  public static final LogLimits DEFAULT = new LogLimits(512 << 10, 10);

  public LogLimits {
    if (fileBytes < 1_024 || filesPerFunction < 0) {
      throw new IllegalArgumentException(
          "fileBytes: "
              + fileBytes
              + ", filesPerFunction: "
              + filesPerFunction
              + " (expected: >= 1024, >= 0)");
    }
  }
}
