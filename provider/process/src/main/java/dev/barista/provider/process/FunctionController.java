package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.Planner.Plan;
import dev.barista.provider.process.Planner.Step;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final List<Replica> replicas = new ArrayList<>();

  // Mutable state
  private @Nullable StoredFunction stored;
  private @Nullable RunPlan runPlan;
  private int version;
  private @Nullable Instant wakeAt;
  private boolean closed;
  private volatile Optional<FunctionStatus> status = Optional.empty();
  private volatile Optional<RunPlan> plan = Optional.empty();

  FunctionController(FunctionName name, ControllerContext context) {
    this.name = name;
    this.context = context;
    this.mailbox = new Mailbox("function-" + name);
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

  void delete() {
    stored = null;
    runPlan = null;
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
          for (Replica replica : List.copyOf(replicas)) {
            if (replica.handle == null) {
              remove(replica);
            } else {
              kill(replica);
            }
          }
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
              wanted,
              version,
              replicas.stream().map(replica -> replica.seen(releases)).toList(),
              context.clock().instant());
      if (next.steps().isEmpty()) {
        next.wake().ifPresent(this::wake);
        break;
      }
      next.steps().forEach(this::execute);
    }
    publish();
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

  private void execute(Step step) {
    switch (step) {
      case Step.Create _ -> replicas.add(new Replica(context.newId(name), version));
      case Step.Admit(ReplicaId id) -> find(id).ifPresent(this::admit);
      case Step.Restart(ReplicaId id) -> find(id).ifPresent(this::restart);
      case Step.Drain(ReplicaId id) -> find(id).ifPresent(this::drain);
      case Step.Stop(ReplicaId id) -> find(id).ifPresent(this::stop);
      case Step.Kill(ReplicaId id) -> find(id).ifPresent(this::kill);
      case Step.Drop(ReplicaId id) -> find(id).ifPresent(this::remove);
      case Step.GiveUp(ReplicaId id) -> find(id).ifPresent(this::giveUp);
    }
  }

  private void admit(Replica replica) {
    Optional<RunPlan> runnable = runnable(replica);
    if (runnable.isEmpty()) {
      return;
    }
    long releases = context.admission().releases();
    switch (context.admission().admit(replica.id, runnable.get().request())) {
      case Admission.Answer.Admitted _ -> start(replica, runnable.get());
      case Admission.Answer.Insufficient(String reason) -> {
        boolean news = replica.refusedAt < 0;
        replica.refusedAt = releases;
        replica.reason = reason;
        if (news) {
          tell(new StartFailed(name, reason, List.of()));
        }
      }
    }
  }

  private void restart(Replica replica) {
    runnable(replica)
        .ifPresent(
            runnable -> {
              if (context.admission().holds(replica.id)) {
                start(replica, runnable);
              } else {
                replica.phase = new Phase.Pending(/* retry= */ true);
                replica.refusedAt = -1;
              }
            });
  }

  /** The plan to run; when there is none, because the image is gone, that is a failed start. */
  private Optional<RunPlan> runnable(Replica replica) {
    if (replica.plan != null) {
      return Optional.of(replica.plan);
    }
    if (runPlan == null && stored != null) {
      try {
        runPlan = context.plans().plan(stored.spec());
        setDesired(stored); // the policy is known now
      } catch (FaasException e) {
        startFailed(replica, e.getMessage(), List.of());
      }
    }
    return Optional.ofNullable(runPlan);
  }

  private void start(Replica replica, RunPlan runnable) {
    Instant now = context.clock().instant();
    int run = ++replica.run;
    replica.plan = runnable;
    replica.phase = new Phase.Starting(now.plus(context.patience().start()));
    replica.reason = "starts";
    replica.startedAt = now;
    try {
      replica.handle =
          context
              .launcher()
              .launch(replica.id, runnable, context.user(name), watcher(replica, run));
    } catch (LaunchException e) {
      startFailed(replica, e.getMessage(), List.of());
    }
  }

  private ReplicaLauncher.Watcher watcher(Replica replica, int run) {
    return new ReplicaLauncher.Watcher() {
      @Override
      public void ready(Endpoint endpoint) {
        mailbox.post(() -> becameReady(replica, run, endpoint));
      }

      @Override
      public void ended(ReplicaLauncher.Ending ending) {
        mailbox.post(() -> becameGone(replica, run, ending));
      }
    };
  }

  private void becameReady(Replica replica, int run, Endpoint endpoint) {
    if (replica.run != run || !(replica.phase instanceof Phase.Starting)) {
      return; // it was given up meanwhile
    }
    replica.phase = new Phase.Ready(context.clock().instant());
    replica.reason = "";
    replica.announced = true;
    replica.served = true;
    tell(new ReplicaReady(name, replica.id, endpoint));
    reconcile();
  }

  private void becameGone(Replica replica, int run, ReplicaLauncher.Ending ending) {
    if (replica.run != run || !replicas.contains(replica)) {
      return;
    }
    replica.handle = null;
    switch (replica.phase) {
      case Phase.Ready(Instant since) -> {
        replica.restarts++;
        tellGone(replica, ending.reason());
        backOff(replica, since, ending.reason(), ending.lastLogLines());
      }
      case Phase.Starting _ -> startFailed(replica, ending.reason(), ending.lastLogLines());
      case Phase.Draining _, Phase.Stopping _ -> {
        tellGone(replica, replica.reason);
        remove(replica);
      }
      case Phase.Pending _, Phase.BackOff _ -> {
        // its end was expected: it was given up before it was ready
      }
    }
    context.ended(this);
    reconcile();
  }

  private void startFailed(Replica replica, String reason, List<String> lastLogLines) {
    Instant start = replica.startedAt == null ? context.clock().instant() : replica.startedAt;
    if (replica.run > 0) {
      replica.restarts++;
    }
    backOff(replica, start, reason, lastLogLines);
    tell(new StartFailed(name, reason, lastLogLines));
  }

  private void backOff(Replica replica, Instant start, String reason, List<String> lastLogLines) {
    Instant now = context.clock().instant();
    replica.backOff = replica.backOff.after(start, now);
    replica.phase = new Phase.BackOff(now.plus(replica.backOff.delay()));
    replica.reason = reason;
    replica.lastLogLines = lastLogLines;
  }

  private void giveUp(Replica replica) {
    String reason =
        "it accepted no connection within " + context.patience().start().toSeconds() + " s";
    List<String> lines = replica.handle == null ? List.of() : replica.handle.lastLogLines();
    if (replica.handle != null) {
      replica.handle.kill();
    }
    startFailed(replica, reason, lines);
  }

  private void drain(Replica replica) {
    Instant stopAt = context.clock().instant().plus(context.patience().drain());
    replica.phase = new Phase.Draining(stopAt);
    replica.reason = "takes no new calls and ends those it has";
    int run = replica.run;
    tell(new ReplicaDraining(name, replica.id, () -> mailbox.post(() -> idle(replica, run))));
  }

  private void idle(Replica replica, int run) {
    if (replica.run == run && replica.phase instanceof Phase.Draining) {
      stop(replica);
      publish();
      reconcile();
    }
  }

  private void stop(Replica replica) {
    Instant killAt = context.clock().instant().plus(context.patience().stop());
    replica.phase = new Phase.Stopping(killAt, /* killed= */ false);
    replica.reason = "ends";
    requireNonNull(replica.handle, "a ready replica has a process").terminate();
  }

  private void kill(Replica replica) {
    replica.phase = new Phase.Stopping(context.clock().instant(), /* killed= */ true);
    replica.reason = "is ended";
    if (replica.handle == null) {
      remove(replica);
    } else {
      replica.handle.kill();
    }
  }

  private void remove(Replica replica) {
    replicas.remove(replica);
    context.admission().release(replica.id);
  }

  private void tellGone(Replica replica, String reason) {
    if (replica.announced) {
      replica.announced = false;
      tell(new ReplicaGone(name, replica.id, reason));
    }
  }

  /** The status comes first: whoever is told may look at it. */
  private void tell(ProviderEvent event) {
    publish();
    context.listener().onEvent(event);
  }

  private void publish() {
    plan = Optional.ofNullable(runPlan);
    status =
        Optional.ofNullable(stored)
            .map(
                function -> {
                  FunctionSpec spec = function.spec();
                  return new FunctionStatus(
                      spec,
                      function.desiredReplicas(),
                      (int) replicas.stream().filter(r -> r.phase instanceof Phase.Ready).count(),
                      function.createdAt(),
                      replicas.stream().map(Replica::status).toList(),
                      context.enforcement(spec, plan));
                });
  }

  private Optional<Replica> find(ReplicaId id) {
    return replicas.stream().filter(replica -> replica.id.equals(id)).findFirst();
  }
}
