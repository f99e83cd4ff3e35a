package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ReplicaId;
import dev.barista.api.ReplicaStatus;
import dev.barista.api.ReplicaStatus.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a function's controller knows of one replica. Used by the controller's tasks only. */
final class Replica {

  final ReplicaId id;
  final int version;

  // Mutable state
  Phase phase = new Phase.Pending(/* retry= */ true);
  String reason = "waits for its start";
  BackOff backOff = BackOff.NONE;
  List<String> lastLogLines = List.of();
  int restarts;

  /** Tells the callbacks of one run from those of another. */
  int run;

  /** Whether the platform was told that it is ready, and not yet that it is gone. */
  boolean announced;

  /** Whether it was ever ready. */
  boolean served;

  /** {@link Admission#releases} when it was refused last; -1 = never. */
  long refusedAt = -1;

  /** What it runs; the version's, from its first start on. */
  @Nullable RunPlan plan;

  @Nullable ReplicaHandle handle;
  @Nullable Instant startedAt;

  Replica(ReplicaId id, int version) {
    this.id = requireNonNull(id, "id");
    this.version = version;
  }

  Planner.Seen seen(long releases, ToIntFunction<ReplicaId> calls) {
    Phase now = phase instanceof Phase.Pending ? new Phase.Pending(refusedAt != releases) : phase;
    int busy = phase instanceof Phase.Ready ? calls.applyAsInt(id) : 0;
    return new Planner.Seen(id, version, served, now, busy);
  }

  /** What it runs, if anything. */
  Stream<RunPlan> plans() {
    return Stream.ofNullable(plan);
  }

  ReplicaStatus status() {
    return new ReplicaStatus(
        id,
        state(),
        phase instanceof Phase.Ready ? "" : reason,
        restarts,
        Optional.ofNullable(startedAt),
        lastLogLines);
  }

  private State state() {
    return switch (phase) {
      case Phase.Pending _ -> State.PENDING;
      case Phase.Starting _ -> State.STARTING;
      case Phase.Ready _ -> State.READY;
      case Phase.Draining _, Phase.Stopping _ -> State.DRAINING;
      case Phase.BackOff _ -> State.BACK_OFF;
    };
  }
}
