package dev.barista.provider.testkit;

import static java.util.Comparator.comparingInt;

import dev.barista.api.Enforcement;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaId;
import dev.barista.api.ReplicaStatus;
import dev.barista.api.ReplicaStatus.State;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One function of {@link FakeProvider} with its replicas. Guarded by the provider's lock. */
final class FakeFunction {

  private final FakeProvider.World world;
  private final List<Replica> replicas = new ArrayList<>();

  // Mutable state
  private StoredFunction stored;
  private int generation;

  FakeFunction(StoredFunction stored, FakeProvider.World world) {
    this.stored = stored;
    this.world = world;
  }

  private static final class Replica {
    final ReplicaId id;
    final int generation;
    State state = State.STARTING;
    String reason = "starting";
    int restarts;
    List<String> lastLogLines = List.of();
    @Nullable Endpoint endpoint;

    Replica(ReplicaId id, int generation) {
      this.id = id;
      this.generation = generation;
    }
  }

  StoredFunction stored() {
    return stored;
  }

  void set(StoredFunction changed) {
    stored = changed;
  }

  /** From now on the replicas there are are of an old version, even if the spec is the same. */
  void renew() {
    generation++;
  }

  /** Moves the replicas towards what is stored. */
  void reconcile() {
    int desired = stored.desiredReplicas();
    List<Replica> current = live(replica -> replica.generation == generation);
    for (int i = current.size(); i < desired; i++) {
      Replica replica = new Replica(world.newId(name()), generation);
      replicas.add(replica);
      begin(replica);
    }
    busyFirst(current).stream().skip(desired).toList().forEach(this::retire);
    boolean newServe =
        live(replica -> replica.generation == generation && replica.state == State.READY).size()
            >= desired;
    List<Replica> old = live(replica -> replica.generation != generation);
    busyFirst(old).stream().skip(newServe ? 0 : desired).toList().forEach(this::retire);
  }

  /** Of equally busy ones the oldest first. */
  private List<Replica> busyFirst(List<Replica> some) {
    List<Replica> sorted = new ArrayList<>(some);
    sorted.sort(
        comparingInt((Replica replica) -> world.events().callsOn(name(), replica.id)).reversed());
    return sorted;
  }

  void makeReady() {
    live(replica -> replica.state == State.STARTING).forEach(this::ready);
    reconcile();
  }

  void failStart(String reason, List<String> lastLogLines) {
    live(replica -> replica.state == State.STARTING)
        .forEach(replica -> fail(replica, reason, lastLogLines));
  }

  void crash(ReplicaId id) {
    for (Replica replica : live(r -> r.id.equals(id) && r.state == State.READY)) {
      gone(replica, "crashed");
      replica.restarts++;
      replica.lastLogLines = List.of("the last words of " + id);
      world.say(name(), id, replica.lastLogLines);
      begin(replica);
    }
    reconcile();
  }

  void drainAll() {
    live(_ -> true).forEach(this::retire);
  }

  void endAll() {
    for (Replica replica : List.copyOf(replicas)) {
      replicas.remove(replica);
      if (replica.endpoint != null) {
        gone(replica, "the provider is closed");
      }
    }
  }

  FunctionStatus status() {
    return new FunctionStatus(
        stored.spec(),
        stored.desiredReplicas(),
        live(replica -> replica.state == State.READY).size(),
        stored.createdAt(),
        replicas.stream().map(FakeFunction::status).toList(),
        stored.spec().limits().none()
            ? List.of()
            : List.of(new Enforcement("limits", "given", "none (a fake)")));
  }

  private static ReplicaStatus status(Replica replica) {
    return new ReplicaStatus(
        replica.id,
        replica.state,
        replica.reason,
        replica.restarts,
        Optional.empty(),
        replica.lastLogLines);
  }

  private void begin(Replica replica) {
    switch (world.start(stored.spec().image())) {
      case READY -> ready(replica);
      case HELD -> to(replica, State.STARTING, "held by the test");
      case FAILING ->
          fail(replica, "it ends at once", List.of(FunctionProviderContract.LAST_WORDS));
      case REFUSED -> fail(replica, "its image is refused", List.of());
    }
  }

  private void ready(Replica replica) {
    to(replica, State.READY, "");
    Endpoint endpoint = world.accept(name(), replica.id);
    replica.endpoint = endpoint;
    world.events().add(new ReplicaReady(name(), replica.id, endpoint));
  }

  private void fail(Replica replica, String reason, List<String> lastLogLines) {
    to(replica, State.BACK_OFF, reason);
    replica.lastLogLines = lastLogLines;
    world.say(name(), replica.id, lastLogLines);
    world.events().add(new StartFailed(name(), reason, lastLogLines));
  }

  private void retire(Replica replica) {
    if (replica.state != State.READY) {
      replicas.remove(replica);
      return;
    }
    to(replica, State.DRAINING, "draining");
    world
        .events()
        .add(new ReplicaDraining(name(), replica.id, () -> world.later(() -> endDrained(replica))));
  }

  private void endDrained(Replica replica) {
    if (replicas.remove(replica)) {
      gone(replica, "drained");
    }
  }

  private void gone(Replica replica, String reason) {
    if (replica.endpoint != null) {
      world.refuse(replica.endpoint, replica.id);
      replica.endpoint = null;
    }
    world.events().add(new ReplicaGone(name(), replica.id, reason));
  }

  private static void to(Replica replica, State state, String reason) {
    replica.state = state;
    replica.reason = reason;
  }

  private List<Replica> live(Predicate<Replica> which) {
    return replicas.stream()
        .filter(replica -> replica.state != State.DRAINING)
        .filter(which)
        .toList();
  }

  private FunctionName name() {
    return stored.spec().name();
  }
}
