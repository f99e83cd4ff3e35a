package dev.barista.provider.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import dev.barista.provider.spi.ProviderListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Plays the platform for a provider under test: keeps the ready replicas of each function as the
 * gateway would, records every event, and checks that no event contradicts those before it. A
 * draining replica is idle at once unless {@link #holdDrains} says otherwise. Thread-safe.
 */
public final class RecordingListener implements ProviderListener {

  /** Far above what any provider needs; only a hanging one ever waits so long. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<ProviderEvent> events = new ArrayList<>();
  private final List<String> contradictions = new ArrayList<>();
  private final Map<FunctionName, Integer> functions = new LinkedHashMap<>();
  private final Map<ReplicaId, Replica> replicas = new LinkedHashMap<>();
  private final List<Runnable> heldDrains = new ArrayList<>();
  private final Map<ReplicaId, Integer> calls = new LinkedHashMap<>();

  // Mutable state
  private boolean holdDrains;

  private record Replica(FunctionName function, Endpoint endpoint, boolean draining) {}

  @Override
  public void onEvent(ProviderEvent event) {
    Runnable idle = null;
    synchronized (this) {
      events.add(event);
      record(event);
      if (event instanceof ReplicaDraining draining) {
        if (holdDrains) {
          heldDrains.add(draining.whenIdle());
        } else {
          idle = draining.whenIdle();
        }
      }
      notifyAll();
    }
    if (idle != null) {
      idle.run();
    }
  }

  @Override
  public synchronized int callsOn(FunctionName function, ReplicaId replica) {
    return calls.getOrDefault(replica, 0);
  }

  /** Says from now on that so many calls are on a replica. */
  public synchronized void busy(ReplicaId replica, int count) {
    calls.put(replica, count);
  }

  private void record(ProviderEvent event) {
    switch (event) {
      case FunctionChanged changed -> functions.put(changed.function(), changed.desiredReplicas());
      case FunctionDeleted deleted -> {
        require(functions.remove(deleted.function()) != null, event, "function is not known");
        require(readyOf(deleted.function()).isEmpty(), event, "has replicas that don't drain");
      }
      case ReplicaReady ready -> {
        require(functions.containsKey(ready.function()), event, "function is not known");
        Replica replica = new Replica(ready.function(), ready.endpoint(), /* draining= */ false);
        require(replicas.put(ready.replica(), replica) == null, event, "is ready already");
      }
      case ReplicaDraining draining -> {
        Replica replica = replicas.get(draining.replica());
        require(replica != null && !replica.draining(), event, "is not ready");
        if (replica != null) {
          replicas.put(
              draining.replica(),
              new Replica(replica.function(), replica.endpoint(), /* draining= */ true));
        }
      }
      case ReplicaGone gone ->
          require(replicas.remove(gone.replica()) != null, event, "was never ready or is gone");
      case StartFailed failed ->
          require(!failed.reason().isBlank(), event, "has no reason for the user");
    }
  }

  private void require(boolean holds, ProviderEvent event, String what) {
    if (!holds) {
      contradictions.add(event + ": " + what);
    }
  }

  /** While on, draining replicas stay busy until {@link #releaseDrains}. */
  public synchronized void holdDrains() {
    holdDrains = true;
  }

  /** Ends the last call on every draining replica, and of those that drain later. */
  public void releaseDrains() {
    List<Runnable> idle;
    synchronized (this) {
      holdDrains = false;
      idle = List.copyOf(heldDrains);
      heldDrains.clear();
    }
    idle.forEach(Runnable::run);
  }

  /** Everything told so far. */
  public synchronized List<ProviderEvent> events() {
    return List.copyOf(events);
  }

  /** Everything of one kind told so far about one function. */
  public synchronized <E extends ProviderEvent> List<E> events(FunctionName name, Class<E> kind) {
    return events.stream()
        .filter(event -> event.function().equals(name))
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** Replicas that take calls now. */
  public synchronized List<ReplicaReady> ready(FunctionName name) {
    return readyOf(name);
  }

  private List<ReplicaReady> readyOf(FunctionName name) {
    return replicas.entrySet().stream()
        .filter(entry -> entry.getValue().function().equals(name) && !entry.getValue().draining())
        .map(entry -> new ReplicaReady(name, entry.getKey(), entry.getValue().endpoint()))
        .toList();
  }

  /** Replicas told to be there, whether they take calls or drain. */
  public synchronized int present(FunctionName name) {
    return (int)
        replicas.values().stream().filter(replica -> replica.function().equals(name)).count();
  }

  public synchronized boolean knows(FunctionName name) {
    return functions.containsKey(name);
  }

  /** Last desired count told. */
  public synchronized int desired(FunctionName name) {
    return requireNonNull(functions.get(name), () -> "never told of " + name);
  }

  /** Waits until exactly so many replicas take calls and none drains. */
  public void awaitReplicas(FunctionName name, int count) {
    await(
        () -> readyOf(name).size() == count && present(name) == count,
        count + " replicas of " + name);
  }

  /**
   * Waits until {@code condition}, which is asked after each event, holds.
   *
   * @throws AssertionError with everything told so far, when it doesn't come to hold
   */
  public synchronized void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("waited in vain for " + what + "; told so far: " + events);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }

  /** No event contradicted those before it. */
  public synchronized void assertOrderly() {
    assertThat(contradictions).isEmpty();
  }
}
