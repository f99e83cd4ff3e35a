package dev.barista.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How one replica stands.
 *
 * @param reason why it is in this state, one sentence; empty when {@link State#READY}
 * @param restarts how often it was started again after a crash
 * @param lastLogLines of the run before, when that run crashed
 */
public record ReplicaStatus(
    ReplicaId id,
    State state,
    String reason,
    int restarts,
    Optional<Instant> startedAt,
    List<String> lastLogLines) {

  /** In the order of a replica's life. */
  public enum State {
    /** Wanted, but doesn't fit on the node now. */
    PENDING,
    /** Started, doesn't accept calls yet. */
    STARTING,
    READY,
    /** Takes no new calls, ends those it has. */
    DRAINING,
    /** Crashed; waits before it is started again. */
    BACK_OFF;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public ReplicaStatus {
    requireNonNull(id, "id");
    requireNonNull(state, "state");
    requireNonNull(reason, "reason");
    requireNonNull(startedAt, "startedAt");
    lastLogLines = List.copyOf(lastLogLines);
  }
}
