package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.Planner.Plan;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Moves one function's replicas towards what is wanted. It outlives a delete until the last replica
 * is gone, and takes a new function of the same name over, so that events of one name stay in
 * order.
 *
 * <p>All its state belongs to the tasks of its mailbox; {@link #status} and {@link #plan} are
 * snapshots for everybody.
 */
final class FunctionController {

  /** A plan that leads to a plan that leads …: far above what {@link Planner} needs. */
  private static final int MOST_ROUNDS = 20;

  private final FunctionName name;
  private final ControllerContext context;
  private final Mailbox mailbox;
  private final ReplicaSet replicas;

  // Mutable state
  private @Nullable StoredFunction stored;
  private @Nullable RunPlan runPlan;
  private int version;
  private @Nullable Instant wakeAt;
  private boolean closed;
  private volatile Optional<FunctionStatus> status = Optional.empty();
  private volatile Optional<RunPlan> plan = Optional.empty();
  private volatile Set<String> images = Set.of();
  private volatile List<ReplicaHandle> running = List.of();

  FunctionController(FunctionName name, ControllerContext context) {
    this.name = name;
    this.context = context;
    this.mailbox = new Mailbox("function-" + name);
    this.replicas = new ReplicaSet(name, context, mailbox, new Owner());
  }

  /** Runs the change of a caller, alone; throws what it throws. */
  void change(Runnable change) {
    mailbox.ask(
        () -> {
          change.run();
          return true;
        });
  }

  /** As of the last step; empty when deleted. */
  Optional<FunctionStatus> status() {
    return status;
  }

  /** Of the newest version; empty when deleted, or when its image is not there any more. */
  Optional<RunPlan> plan() {
    return plan;
  }

  /** Digests of the images of all versions that have replicas still, and of the newest. */
  Set<String> images() {
    return images;
  }

  /** The replicas that have a process. */
  List<ReplicaHandle> running() {
    return running;
  }

  // What callers' changes use, inside the mailbox

  Optional<StoredFunction> stored() {
    return Optional.ofNullable(stored);
  }

  FunctionName name() {
    return name;
  }

  /** Deleted, and nothing of it is left. */
  boolean isFinished() {
    return stored == null && replicas.isEmpty();
  }

  /** A new version, of a new or a known function. */
  void setVersion(StoredFunction function, Optional<RunPlan> runnable) {
    version++;
    replicas.standDown();
    runPlan = runnable.orElse(null);
    setDesired(function);
  }

  void setDesired(StoredFunction function) {
    stored = function;
    InvocationPolicy policy = runPlan == null ? InvocationPolicy.NONE : runPlan.policy();
    tell(new FunctionChanged(function.spec(), policy, function.desiredReplicas()));
    publish();
    reconcileSoon();
  }

  /**
   * Starts what is added while the wish becomes durable: who waits for a replica is spared the wait
   * for the disk. A wish that can't be saved is taken back, and what was started ends.
   */
  void growWhile(StoredFunction function, Runnable save) {
    StoredFunction before = requireNonNull(stored, "only a deployed function grows");
    FutureTask<Boolean> saving = new FutureTask<>(save, true);
    Thread.ofVirtual().name("save-" + name).start(saving);
    setDesired(function);
    reconcile();
    try {
      Mailbox.await(saving);
    } catch (RuntimeException e) {
      setDesired(before);
      throw e;
    }
  }

  void delete() {
    stored = null;
    runPlan = null;
    replicas.standDown();
    reconcile(); // drains before it is told as deleted
    tell(new FunctionDeleted(name));
    publish();
  }

  // What happens

  /** Plans again, soon: room was made, time has passed. */
  void reconcileSoon() {
    mailbox.post(this::reconcile);
  }

  /** Ends every replica at once, and starts none any more. */
  void close() {
    change(
        () -> {
          closed = true;
          replicas.end();
        });
  }

  private void reconcile() {
    if (closed) {
      return;
    }
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int wanted = stored == null ? 0 : stored.desiredReplicas();
      long releases = context.admission().releases();
      Plan next =
          Planner.plan(
              new Planner.Wanted(wanted, version, runPlan != null && runPlan.isExclusive()),
              replicas.stream().map(replica -> replica.seen(releases, this::callsOn)).toList(),
              context.clock().instant());
      if (next.steps().isEmpty()) {
        next.wake().ifPresent(this::wake);
        break;
      }
      next.steps().forEach(step -> replicas.execute(step, version));
    }
    publish();
  }

  /** A call may want it back. */
  private void standByAtZero() {
    if (!closed && stored != null && stored.desiredReplicas() == 0 && runPlan != null) {
      replicas.standBy(runPlan);
    }
  }

  private int callsOn(ReplicaId replica) {
    return context.listener().callsOn(name, replica);
  }

  private void wake(Instant time) {
    if (wakeAt != null && !wakeAt.isAfter(time)) {
      return;
    }
    wakeAt = time;
    context
        .timer()
        .at(
            time,
            () ->
                mailbox.post(
                    () -> {
                      if (time.equals(wakeAt)) {
                        wakeAt = null;
                      }
                      reconcile();
                    }));
  }

  /** The status comes first: whoever is told may look at it. */
  private void tell(ProviderEvent event) {
    publish();
    context.listener().onEvent(event);
  }

  private void publish() {
    plan = Optional.ofNullable(runPlan);
    images =
        Stream.concat(plan.stream(), replicas.stream().flatMap(Replica::plans))
            .map(running -> running.image().digest())
            .collect(Collectors.toUnmodifiableSet());
    running = replicas.stream().flatMap(replica -> Stream.ofNullable(replica.handle)).toList();
    status = Optional.ofNullable(stored).map(this::status);
  }

  private FunctionStatus status(StoredFunction function) {
    return new FunctionStatus(
        function.spec(),
        function.desiredReplicas(),
        (int) replicas.stream().filter(replica -> replica.phase instanceof Phase.Ready).count(),
        function.createdAt(),
        replicas.stream().map(Replica::status).toList(),
        context.enforcement(function.spec(), plan));
  }

  private final class Owner implements ReplicaSet.Owner {

    @Override
    public RunPlan newestPlan() {
      StoredFunction function = requireNonNull(stored, "only a wanted replica is started");
      if (runPlan == null) {
        runPlan = context.plans().plan(function.spec());
        setDesired(function); // its policy is known now
      }
      return runPlan;
    }

    @Override
    public void tell(ProviderEvent event) {
      FunctionController.this.tell(event);
    }

    @Override
    public void changed() {
      reconcile();
      standByAtZero();
      context.ended(FunctionController.this);
    }
  }
}
