package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.gateway.metrics.FunctionMetrics;
import dev.barista.http.Upstream;
import dev.barista.provider.spi.InvocationPolicy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One function's ready replicas and the calls that wait for one. The way of a call to a free
 * replica reads a volatile snapshot and takes no lock; changes and waiting take the lock.
 *
 * <h2>First come, first served</h2>
 *
 * A place that becomes free is handed to the first in line, under the lock, before anybody is told:
 * the one who waits doesn't race for it. A call that comes while others wait for their turn goes to
 * the end of the line.
 *
 * <h2>Nobody waits beside a free replica</h2>
 *
 * A call that joins the line is visible there before the line is served once more, and a lease is
 * closed before its closer looks at the line. So either the line's serving sees the free place, or
 * the lease's closer sees the call.
 *
 * <h2>How long the line may be</h2>
 *
 * While no replica is ready, {@code max-held-calls}; while all are at their limit, the function's
 * queue size, and never more than {@code max-held-calls}.
 */
final class FunctionPool implements FunctionMetrics.Gauges {

  private final FunctionName name;
  private final FunctionMetrics metrics;
  private final FunctionLoad load;
  private final PoolContext context;
  private final ReplicaSlots slots = new ReplicaSlots();
  private final TellingLock lock = new TellingLock();

  // Mutable state; written under lock and read without
  private volatile InvocationPolicy policy = InvocationPolicy.NONE;
  private volatile CallRules rules = CallRules.NONE;

  // Guarded by lock
  private final WaitingLine line = new WaitingLine(lock, this::takeFor);
  private final WakeUp wakeUp;
  private int desiredReplicas;
  private boolean deleted;
  private @Nullable FunctionSpec spec;
  private @Nullable FaasException lastStartFailure;

  FunctionPool(FunctionName name, FunctionMetrics metrics, FunctionLoad load, PoolContext context) {
    this.name = name;
    this.metrics = metrics;
    this.load = load;
    this.context = context;
    this.wakeUp = new WakeUp(context.coldStarts());
  }

  FunctionName name() {
    return name;
  }

  FunctionMetrics metrics() {
    return metrics;
  }

  FunctionLoad load() {
    return load;
  }

  InvocationPolicy policy() {
    return policy;
  }

  CallRules rules() {
    return rules;
  }

  /** Calls that hold a lease on a ready replica. */
  int onReplicas() {
    return slots.inFlight();
  }

  /** Calls on one replica; 0 for one that isn't ready. */
  int callsOn(ReplicaId id) {
    ReplicaSlot slot = slots.find(id);
    return slot == null ? 0 : slot.inFlight();
  }

  @Override
  public int inFlight() {
    return load.read(System.nanoTime()).inFlight();
  }

  @Override
  public int waiting() {
    return line.size();
  }

  @Override
  public int ready() {
    return slots.count();
  }

  // ---- the way of a call

  /**
   * A lease on the replica with the fewest calls, if one may be had now and nobody waits for it.
   *
   * @param tried replicas that this call has found unreachable; it stood in line before
   */
  Admission admit(List<ReplicaSlot> tried) {
    int most = rules.limit();
    if (line.size() > 0 && most > 0 && tried.isEmpty() && slots.count() > 0) {
      return new Admission.AtLimit(most);
    }
    return take(tried, most);
  }

  private Admission take(List<ReplicaSlot> tried, int most) {
    return slots.take(this, tried, most);
  }

  void leaseClosed() {
    if (line.size() > 0) {
      try (var _ = lock.hold()) {
        line.serve();
      }
    }
  }

  // ---- waiting

  /**
   * Puts a call into the line, unless it can be served now or there is no place; starts the one
   * scale-up if the function is at zero.
   *
   * @param again it was admitted before, so it goes to the front and always has a place
   */
  Place hold(HeldCall call, boolean again) {
    try (var _ = lock.hold()) {
      if (deleted) {
        return Place.Deleted.INSTANCE;
      }
      if ((again || line.isEmpty()) && takeFor(call) instanceof Lease granted) {
        return new Place.Granted(granted);
      }
      boolean atLimit = slots.count() > 0;
      int places = places(atLimit);
      if (again) {
        line.addFirst(call);
      } else if (line.size() < places) {
        line.addLast(call);
      } else {
        boolean byFunction = atLimit && places < context.maxHeldCalls();
        return new Place.Full(line.size(), byFunction ? CallRules.QUEUE_SIZE : "max-held-calls");
      }
      scaleUpIfWanted();
      line.serve();
      return new Place.InLine(atLimit);
    }
  }

  private int places(boolean atLimit) {
    int most = context.maxHeldCalls();
    return atLimit && rules.limit() > 0 ? Math.min(most, rules.queueSize(desiredReplicas)) : most;
  }

  /** Where every ready replica was tried, it may as well try again. */
  private Admission takeFor(HeldCall call) {
    Admission taken = take(call.tried(), rules.limit());
    return taken == Admission.NoReplica.INSTANCE && !call.tried().isEmpty()
        ? take(List.of(), rules.limit())
        : taken;
  }

  /** Takes a call out of the line. Returns false if it had been told already. */
  boolean leave(HeldCall call) {
    try (var _ = lock.hold()) {
      boolean present = line.remove(call);
      // The next one may be able to use a replica that this one couldn't.
      line.serve();
      return present;
    }
  }

  /** Why a call that was held too long got no replica. */
  Optional<String> whyNotReady() {
    try (var _ = lock.hold()) {
      return Optional.ofNullable(lastStartFailure).map(FaasException::getMessage);
    }
  }

  // ---- scaling up from zero

  /** Asks once for the first replicas of those who wait. */
  private void scaleUpIfWanted() {
    FunctionSpec of = spec;
    if (of == null || line.isEmpty() || desiredReplicas > 0 || wakeUp.asked() || deleted) {
      return;
    }
    long since = System.nanoTime();
    wakeUp.ask(since);
    lock.tell(
        () ->
            context
                .scaleUp()
                .start(
                    of,
                    failure ->
                        failure.ifPresentOrElse(this::scaleUpRefused, () -> scaleUpTaken(since))));
  }

  /**
   * A scale to zero that was told before the answer to the question found it open and asked nobody.
   * Only then it is asked again: else the new desired count may be still on its way here.
   */
  private void scaleUpTaken(long since) {
    try (var _ = lock.hold()) {
      if (wakeUp.taken(since, System.nanoTime())) {
        scaleUpIfWanted();
      }
    }
  }

  private void scaleUpRefused(FaasException failure) {
    try (var _ = lock.hold()) {
      wakeUp.refused();
      line.giveUp(failure);
    }
  }

  /** A call that was held for a start is being answered. */
  void firstByte() {
    wakeUp.firstByte();
  }

  // ---- what the provider tells

  void changed(FunctionSpec changedSpec, InvocationPolicy changedPolicy, int desired) {
    try (var _ = lock.hold()) {
      if (!changedSpec.equals(spec) || !changedPolicy.equals(policy)) {
        spec = changedSpec;
        policy = changedPolicy;
        rules = CallRules.ofStored(changedSpec, changedPolicy);
      }
      desiredReplicas = desired;
      if (desired == 0) {
        wakeUp.atZero();
      }
      lastStartFailure = null;
      metrics.desiredReplicas(desired);
      scaleUpIfWanted();
      line.serve(); // the limit may have been raised
    }
  }

  void ready(ReplicaId id, Upstream upstream) {
    try (var _ = lock.hold()) {
      slots.add(new ReplicaSlot(id, upstream, context.idleRunner()));
      lastStartFailure = null;
      wakeUp.ready(System.nanoTime());
      line.serve();
    }
  }

  /** Runs {@code whenIdle} once no call is on the replica; at once for an unknown one. */
  void draining(ReplicaId id, Runnable whenIdle) {
    ReplicaSlot slot = remove(id);
    if (slot == null) {
      context.idleRunner().execute(whenIdle);
    } else {
      slot.drain(whenIdle);
    }
  }

  void gone(ReplicaId id) {
    ReplicaSlot slot = remove(id);
    if (slot != null) {
      slot.drain(() -> {});
      slot.upstream().close();
    }
  }

  private @Nullable ReplicaSlot remove(ReplicaId id) {
    try (var _ = lock.hold()) {
      return slots.remove(id);
    }
  }

  void startFailed(FaasException failure) {
    try (var _ = lock.hold()) {
      lastStartFailure = failure;
      wakeUp.failed();
      // With a ready replica the line waits for capacity, not for a start.
      if (slots.count() == 0) {
        line.giveUp(failure);
      }
    }
  }

  void deleted() {
    FaasException reason =
        new FaasException(
            ErrorCode.FUNCTION_NOT_FOUND, "gateway", "function " + name + " was deleted");
    try (var _ = lock.hold()) {
      deleted = true;
      line.giveUp(reason);
      slots.clear().forEach(slot -> lock.tell(() -> slot.drain(() -> {})));
    }
  }
}
