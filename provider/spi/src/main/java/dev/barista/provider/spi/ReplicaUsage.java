package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ReplicaId;
import java.util.OptionalLong;

/**
 * What all processes of one replica together have used.
 *
 * @param cpuNanos processor time since the replica was started, in nanoseconds. Two readings give a
 *     rate; a smaller number than before means that the replica was started again in between. Empty
 *     where it can't be measured
 * @param memoryBytes memory held now, without what the kernel would give up at once. Empty where it
 *     can't be measured
 */
public record ReplicaUsage(ReplicaId replica, OptionalLong cpuNanos, OptionalLong memoryBytes) {
  public ReplicaUsage {
    requireNonNull(replica, "replica");
    requireNotNegative("cpuNanos", cpuNanos);
    requireNotNegative("memoryBytes", memoryBytes);
  }

  private static void requireNotNegative(String name, OptionalLong number) {
    if (number.isPresent() && number.getAsLong() < 0) {
      throw new IllegalArgumentException(name + ": " + number.getAsLong() + " (expected: >= 0)");
    }
  }
}
