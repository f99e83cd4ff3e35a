package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ReplicaId;
import java.time.Instant;

/**
 * One line that a replica wrote, to standard output or to standard error.
 *
 * @param time when the platform took it in
 * @param text without its end of line; a very long line may come as several
 */
public record LogLine(ReplicaId replica, Instant time, String text) {
  public LogLine {
    requireNonNull(replica, "replica");
    requireNonNull(time, "time");
    requireNonNull(text, "text");
  }
}
