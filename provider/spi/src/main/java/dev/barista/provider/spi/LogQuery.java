package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which lines of a function's log are wanted.
 *
 * @param replica of one replica only; empty = of all
 * @param tail at most so many of what is there already, the newest, of all replicas together
 * @param since none that is older
 * @param follow whether what is written later is wanted as well
 */
public record LogQuery(
    FunctionName function,
    Optional<ReplicaId> replica,
    OptionalInt tail,
    Optional<Instant> since,
    boolean follow) {

  public LogQuery {
    requireNonNull(function, "function");
    requireNonNull(replica, "replica");
    requireNonNull(tail, "tail");
    requireNonNull(since, "since");
    if (tail.isPresent() && tail.getAsInt() < 0) {
      throw new IllegalArgumentException("tail: " + tail.getAsInt() + " (expected: >= 0)");
    }
  }

  /** Everything that is there. */
  public static LogQuery all(FunctionName function) {
    return new LogQuery(
        function, Optional.empty(), OptionalInt.empty(), Optional.empty(), /* follow= */ false);
  }

  public LogQuery withReplica(ReplicaId wanted) {
    return new LogQuery(function, Optional.of(wanted), tail, since, follow);
  }

  public LogQuery withTail(int lines) {
    return new LogQuery(function, replica, OptionalInt.of(lines), since, follow);
  }

  public LogQuery withSince(Instant oldest) {
    return new LogQuery(function, replica, tail, Optional.of(oldest), follow);
  }

  public LogQuery following() {
    return new LogQuery(function, replica, tail, since, /* follow= */ true);
  }
}
