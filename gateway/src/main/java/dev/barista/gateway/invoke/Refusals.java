package dev.barista.gateway.invoke;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Replicas that did not accept a call's connection, and for how long that goes on. */
final class Refusals {

  /** A replica that was just stopped is told as gone soon; so long a refusal may be that. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

  /** Between two attempts on the same replica. */
  static final Duration PAUSE = Duration.ofMillis(20);

  private final long since = System.nanoTime();

  // Mutable state
  private List<ReplicaSlot> tried = List.of();

  /** Those that needn't be asked now. */
  List<ReplicaSlot> tried() {
    return tried;
  }

  void add(ReplicaSlot slot) {
    List<ReplicaSlot> more = new ArrayList<>(tried);
    more.add(slot);
    tried = more;
  }

  /** All may be asked again. Returns false if that has been so for too long. */
  boolean forget() {
    if (System.nanoTime() - since >= PATIENCE_NANOS) {
      return false;
    }
    tried = List.of();
    return true;
  }
}
