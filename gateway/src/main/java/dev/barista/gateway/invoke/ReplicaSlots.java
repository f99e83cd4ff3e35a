package dev.barista.gateway.invoke;

import dev.barista.api.ReplicaId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function's ready replicas: an immutable array behind one volatile field. Anybody reads it;
 * whoever changes it holds the pool's lock.
 */
final class ReplicaSlots {

  private static final ReplicaSlot[] NONE = {};

  // Mutable state
  private volatile ReplicaSlot[] ready = NONE;

  /** Racy on purpose: it only spreads ties. */
  private int turn;

  int count() {
    return ready.length;
  }

  /** Calls on all of them. */
  int inFlight() {
    int sum = 0;
    for (ReplicaSlot slot : ready) {
      sum += slot.inFlight();
    }
    return sum;
  }

  @Nullable ReplicaSlot find(ReplicaId id) {
    for (ReplicaSlot slot : ready) {
      if (slot.id().equals(id)) {
        return slot;
      }
    }
    return null;
  }

  /**
   * A lease on the one with the fewest calls.
   *
   * @param pool that the lease is of
   * @param tried not one of these
   * @param most calls that each may have; 0 = any number
   */
  Admission take(FunctionPool pool, List<ReplicaSlot> tried, int most) {
    while (true) {
      ReplicaSlot least = leastBusy(tried);
      if (least == null) {
        return Admission.NoReplica.INSTANCE;
      }
      if (least.tryEnter(most)) {
        return new Lease(pool, least);
      }
      if (most > 0 && least.inFlight() >= most) {
        return new Admission.AtLimit(most);
      }
      // It drains, or was full a moment ago: a snapshot without those that drain was set before.
    }
  }

  private @Nullable ReplicaSlot leastBusy(List<ReplicaSlot> tried) {
    ReplicaSlot[] snapshot = ready;
    int count = snapshot.length;
    if (count == 1) {
      return tried.isEmpty() || !tried.contains(snapshot[0]) ? snapshot[0] : null;
    }
    int first = count == 0 ? 0 : Math.floorMod(turn++, count);
    ReplicaSlot least = null;
    for (int i = 0; i < count; i++) {
      ReplicaSlot slot = snapshot[(first + i) % count];
      if ((least == null || slot.inFlight() < least.inFlight()) && !tried.contains(slot)) {
        least = slot;
      }
    }
    return least;
  }

  void add(ReplicaSlot slot) {
    ReplicaSlot[] before = ready;
    ReplicaSlot[] more = Arrays.copyOf(before, before.length + 1);
    more[before.length] = slot;
    ready = more;
  }

  /** Takes it out; null for an unknown one. */
  @Nullable ReplicaSlot remove(ReplicaId id) {
    ReplicaSlot[] before = ready;
    for (int i = 0; i < before.length; i++) {
      if (before[i].id().equals(id)) {
        ReplicaSlot[] fewer = Arrays.copyOf(before, before.length - 1);
        System.arraycopy(before, i + 1, fewer, i, fewer.length - i);
        ready = fewer;
        return before[i];
      }
    }
    return null;
  }

  /** Takes all out. */
  List<ReplicaSlot> clear() {
    List<ReplicaSlot> all = List.of(ready);
    ready = NONE;
    return all;
  }
}
