package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import java.util.LinkedHashSet;
import java.util.function.Function;

/**
 * The calls of one function that wait for a replica, first come, first served. Whoever changes it
 * holds the pool's lock, which tells the calls; {@link #size} is read without.
 */
final class WaitingLine {

  private final TellingLock lock;
  private final Function<HeldCall, Admission> replicas;
  private final LinkedHashSet<HeldCall> calls = new LinkedHashSet<>();

  // Mutable state
  private volatile int size;

  /**
   * @param replicas gives a call a lease if one is to be had now
   */
  WaitingLine(TellingLock lock, Function<HeldCall, Admission> replicas) {
    this.lock = lock;
    this.replicas = replicas;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  void addLast(HeldCall call) {
    calls.addLast(call);
    size = calls.size();
  }

  void addFirst(HeldCall call) {
    calls.addFirst(call);
    size = calls.size();
  }

  /** Returns false if it isn't there, as it has been told already. */
  boolean remove(HeldCall call) {
    boolean present = calls.remove(call);
    size = calls.size();
    return present;
  }

  /** Gives what is free to those who wait, in their order. */
  void serve() {
    while (!calls.isEmpty() && replicas.apply(calls.getFirst()) instanceof Lease granted) {
      HeldCall first = calls.removeFirst();
      lock.tell(() -> first.granted(granted));
    }
    size = calls.size();
  }

  /** Tells everyone that no replica will be. */
  void giveUp(FaasException reason) {
    for (HeldCall call : calls) {
      lock.tell(() -> call.giveUp(reason));
    }
    calls.clear();
    size = 0;
  }
}
