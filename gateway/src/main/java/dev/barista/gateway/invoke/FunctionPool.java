package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.gateway.metrics.FunctionMetrics;
import dev.barista.http.Upstream;
import dev.barista.provider.spi.InvocationPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One function's ready replicas and the calls that wait for one. The way of a call to a ready
 * replica reads one volatile snapshot and takes no lock; changes and waiting take the lock.
 *
 * <p>A call that joins the line tries once more afterwards, and a lease that is closed looks at the
 * line afterwards. So either the call sees the free replica, or the lease sees the call.
 */
final class FunctionPool {

  private static final ReplicaSlot[] NONE = {};

  private final FunctionName name;
  private final FunctionMetrics metrics;
  private final FunctionLoad load;
  private final int maxHeldCalls;
  private final ScaleUp scaleUp;
  private final Executor idleRunner;
  private final ReentrantLock lock = new ReentrantLock();

  // Mutable state; replicas, policy and waiting are written under lock and read without
  private volatile ReplicaSlot[] replicas = NONE;
  private volatile InvocationPolicy policy = InvocationPolicy.NONE;
  private volatile int waiting;
  private int turn;

  // Guarded by lock
  private final LinkedHashSet<HeldCall> line = new LinkedHashSet<>();
  private int desiredReplicas;
  private boolean scalingUp;
  private boolean deleted;
  private @Nullable FunctionSpec spec;
  private @Nullable FaasException lastStartFailure;

  /**
   * @param idleRunner runs what a provider wants done when a replica has drained
   */
  FunctionPool(
      FunctionName name,
      FunctionMetrics metrics,
      FunctionLoad load,
      int maxHeldCalls,
      ScaleUp scaleUp,
      Executor idleRunner) {
    this.name = name;
    this.metrics = metrics;
    this.load = load;
    this.maxHeldCalls = maxHeldCalls;
    this.scaleUp = scaleUp;
    this.idleRunner = idleRunner;
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

  /** Replicas that take calls. */
  int ready() {
    return replicas.length;
  }

  InvocationPolicy policy() {
    return policy;
  }

  /** Calls on all replicas in the snapshot, for tests and tools. */
  int inFlight() {
    int sum = 0;
    for (ReplicaSlot slot : replicas) {
      sum += slot.inFlight();
    }
    return sum;
  }

  int waiting() {
    return waiting;
  }

  // ---- the way of a call

  /**
   * A lease on the replica with the fewest calls, if one may be had now.
   *
   * @param tried replicas that this call has found unreachable
   */
  Admission admit(List<ReplicaSlot> tried) {
    ReplicaSlot[] snapshot = replicas;
    int most = policy.maxInflight();
    while (true) {
      ReplicaSlot least = leastLoaded(snapshot, tried);
      if (least == null) {
        return Admission.NoReplica.INSTANCE;
      }
      if (least.tryEnter(most)) {
        return new Lease(this, least);
      }
      if (most > 0 && least.inFlight() >= most) {
        return new Admission.AtLimit(most);
      }
      // It drains: a snapshot without it was set before.
      snapshot = replicas;
    }
  }

  private @Nullable ReplicaSlot leastLoaded(ReplicaSlot[] snapshot, List<ReplicaSlot> tried) {
    int count = snapshot.length;
    if (count == 1) {
      return tried.isEmpty() || !tried.contains(snapshot[0]) ? snapshot[0] : null;
    }
    // Racy on purpose: it only spreads ties.
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

  void leaseClosed() {
    if (waiting > 0) {
      wakeOne();
    }
  }

  // ---- waiting

  /** Outcome of {@link #hold}. */
  enum Hold {
    HELD,
    LINE_FULL,
    DELETED
  }

  /**
   * Puts a call into the line and, if the function is at zero, starts the one scale-up. The caller
   * tries to be admitted once more afterwards.
   */
  Hold hold(HeldCall call) {
    boolean start;
    lock.lock();
    try {
      if (deleted) {
        return Hold.DELETED;
      }
      if (line.size() >= maxHeldCalls) {
        return Hold.LINE_FULL;
      }
      line.add(call);
      waiting = line.size();
      start = wantsScaleUp();
    } finally {
      lock.unlock();
    }
    if (start) {
      scaleUp();
    }
    return Hold.HELD;
  }

  /** Takes a call out of the line. Returns false if it had been told already. */
  boolean leave(HeldCall call) {
    lock.lock();
    try {
      boolean present = line.remove(call);
      waiting = line.size();
      return present;
    } finally {
      lock.unlock();
    }
  }

  /** A call that was woken has no use for it: wake the next one. */
  void wakeOne() {
    HeldCall first = null;
    lock.lock();
    try {
      if (!line.isEmpty()) {
        first = line.removeFirst();
        waiting = line.size();
      }
    } finally {
      lock.unlock();
    }
    if (first != null) {
      first.resume();
    }
  }

  private List<HeldCall> takeLine() {
    List<HeldCall> all = new ArrayList<>(line);
    line.clear();
    waiting = 0;
    return all;
  }

  /** Why a call that was held too long got no replica. */
  Optional<String> whyNotReady() {
    lock.lock();
    try {
      return Optional.ofNullable(lastStartFailure).map(FaasException::getMessage);
    } finally {
      lock.unlock();
    }
  }

  // ---- scaling up from zero

  private boolean wantsScaleUp() {
    if (line.isEmpty() || desiredReplicas > 0 || scalingUp || deleted) {
      return false;
    }
    scalingUp = true;
    return true;
  }

  private void scaleUp() {
    FunctionSpec of;
    lock.lock();
    try {
      of = spec;
    } finally {
      lock.unlock();
    }
    if (of != null) {
      scaleUp.start(of, this::scaleUpEnded);
    }
  }

  private void scaleUpEnded(Optional<FaasException> failure) {
    List<HeldCall> told = List.of();
    lock.lock();
    try {
      scalingUp = false;
      if (failure.isPresent()) {
        told = takeLine();
      }
    } finally {
      lock.unlock();
    }
    told.forEach(call -> call.giveUp(failure.orElseThrow()));
  }

  // ---- what the provider tells

  void changed(FunctionSpec changedSpec, InvocationPolicy changedPolicy, int desired) {
    boolean start;
    lock.lock();
    try {
      spec = changedSpec;
      policy = changedPolicy;
      desiredReplicas = desired;
      lastStartFailure = null;
      metrics.desiredReplicas(desired);
      start = wantsScaleUp();
    } finally {
      lock.unlock();
    }
    if (start) {
      scaleUp();
    }
  }

  void ready(ReplicaId id, Upstream upstream) {
    List<HeldCall> woken;
    lock.lock();
    try {
      ReplicaSlot[] more = Arrays.copyOf(replicas, replicas.length + 1);
      more[replicas.length] = new ReplicaSlot(id, upstream, idleRunner);
      replicas = more;
      lastStartFailure = null;
      woken = takeLine();
    } finally {
      lock.unlock();
    }
    woken.forEach(HeldCall::resume);
  }

  /** Runs {@code whenIdle} once no call is on the replica; at once for an unknown one. */
  void draining(ReplicaId id, Runnable whenIdle) {
    ReplicaSlot slot = remove(id);
    if (slot == null) {
      idleRunner.execute(whenIdle);
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
    lock.lock();
    try {
      ReplicaSlot[] before = replicas;
      for (int i = 0; i < before.length; i++) {
        if (before[i].id().equals(id)) {
          ReplicaSlot[] fewer = Arrays.copyOf(before, before.length - 1);
          System.arraycopy(before, i + 1, fewer, i, fewer.length - i);
          replicas = fewer;
          return before[i];
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  void startFailed(FaasException failure) {
    List<HeldCall> told;
    lock.lock();
    try {
      lastStartFailure = failure;
      // With a ready replica the line waits for capacity, not for a start.
      told = replicas.length == 0 ? takeLine() : List.of();
    } finally {
      lock.unlock();
    }
    told.forEach(call -> call.giveUp(failure));
  }

  void deleted() {
    List<HeldCall> told;
    ReplicaSlot[] left;
    lock.lock();
    try {
      deleted = true;
      told = takeLine();
      left = replicas;
      replicas = NONE;
    } finally {
      lock.unlock();
    }
    FaasException reason =
        new FaasException(
            ErrorCode.FUNCTION_NOT_FOUND, "gateway", "function " + name + " was deleted");
    told.forEach(call -> call.giveUp(reason));
    for (ReplicaSlot slot : left) {
      slot.drain(() -> {});
    }
  }
}
