package dev.barista.provider.process.log;

import java.time.Duration;

/**
 * How much of what replicas write is kept.
 *
 * @param replicaBytes of one replica
 * @param functionBytes of all replicas of a function, present and gone; many replicas at a time get
 *     less than {@code replicaBytes} each, but never less than a few tens of KiB
 * @param age of what a replica that is gone wrote
 */
public record LogLimits(long replicaBytes, long functionBytes, Duration age) {

  /** The oldest log goes even if all are small: each is a file. */
  static final int MOST_GONE_REPLICAS = 100;

  /** A replica has two files at a time: one is written, one is older. */
  static final int FILES = 2;

  /** Smaller files would be made and removed more often than is worth it. */
  private static final long SMALLEST_FILE = 32 << 10;

  public static final LogLimits DEFAULT = new LogLimits(1 << 20, 64 << 20, Duration.ofDays(7));

  public LogLimits {
    if (replicaBytes < 1_024 || functionBytes < 1_024 || !age.isPositive()) {
      throw new IllegalArgumentException(
          "replicaBytes: %d, functionBytes: %d, age: %s (expected: >= 1024, >= 1024, > 0)"
              .formatted(replicaBytes, functionBytes, age));
    }
  }

  /**
   * Size at which a replica's file is closed and a new one begun. With 64 MiB for a function and 1
   * MiB for a replica: 512 KiB for up to 64 replicas, 80 KiB for 400.
   */
  long fileBytes(int replicas) {
    long most = replicaBytes / FILES;
    long share = functionBytes / FILES / Math.max(1, replicas);
    return Math.clamp(share, Math.min(SMALLEST_FILE, most), most);
  }
}
