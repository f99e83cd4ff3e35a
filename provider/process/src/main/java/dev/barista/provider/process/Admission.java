package dev.barista.provider.process;

import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps what replicas asked for within the node's capacity, as Kubernetes' scheduler does: by
 * requests, whether they are used or not. Thread-safe.
 */
final class Admission {

  /** What one replica asks for. Requests default to limits, as in Kubernetes. */
  record Request(long cpuMillis, long memoryBytes) {
    static Request of(FunctionSpec spec) {
      return new Request(
          either(spec.requests().cpuMillis(), spec.limits().cpuMillis()),
          either(spec.requests().memoryBytes(), spec.limits().memoryBytes()));
    }

    private static long either(OptionalLong first, OptionalLong second) {
      return first.orElse(second.orElse(0));
    }
  }

  sealed interface Answer {
    record Admitted() implements Answer {}

    /**
     * @param reason with the node's figures, for the user
     */
    record Insufficient(String reason) implements Answer {}
  }

  private final NodeCapacity capacity;
  private final Runnable onRelease;

  // The lock of this object guards everything below.
  private final Map<ReplicaId, Request> admitted = new HashMap<>();

  // Mutable state
  private long cpuMillis;
  private long memoryBytes;
  private long releases;

  /**
   * @param onRelease called without a lock whenever room was made
   */
  Admission(NodeCapacity capacity, Runnable onRelease) {
    this.capacity = capacity;
    this.onRelease = onRelease;
  }

  /** Counts how often room was made: as long as it stays, a refused replica is refused again. */
  synchronized long releases() {
    return releases;
  }

  synchronized boolean holds(ReplicaId replica) {
    return admitted.containsKey(replica);
  }

  synchronized Answer admit(ReplicaId replica, Request request) {
    if (cpuMillis + request.cpuMillis() > capacity.cpuMillis()) {
      return new Answer.Insufficient(
          "Insufficient cpu: %dm requested, %dm of %dm taken on this node"
              .formatted(request.cpuMillis(), cpuMillis, capacity.cpuMillis()));
    }
    if (memoryBytes + request.memoryBytes() > capacity.memoryBytes()) {
      return new Answer.Insufficient(
          "Insufficient memory: %s requested, %s of %s taken on this node"
              .formatted(
                  mebi(request.memoryBytes()), mebi(memoryBytes), mebi(capacity.memoryBytes())));
    }
    if (admitted.put(replica, request) != null) {
      throw new IllegalStateException(replica + " is admitted already");
    }
    cpuMillis += request.cpuMillis();
    memoryBytes += request.memoryBytes();
    return new Answer.Admitted();
  }

  /** Nothing happens if it was not admitted. */
  void release(ReplicaId replica) {
    synchronized (this) {
      Request request = admitted.remove(replica);
      if (request == null) {
        return;
      }
      cpuMillis -= request.cpuMillis();
      memoryBytes -= request.memoryBytes();
      releases++;
    }
    onRelease.run();
  }

  /** What is taken now: nothing once every replica is gone. */
  synchronized Request taken() {
    return new Request(cpuMillis, memoryBytes);
  }

  private static String mebi(long bytes) {
    return (bytes + (1 << 20) - 1) / (1 << 20) + "Mi";
  }
}
