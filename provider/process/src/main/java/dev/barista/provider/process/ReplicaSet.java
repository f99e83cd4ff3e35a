package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.Planner.Step;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one function: does the planner's steps, and takes in what happens to their
 * processes. Belongs to the function's mailbox; callbacks from elsewhere go through it.
 */
final class ReplicaSet {

  /** What the replicas need of their function. */
  interface Owner {
    /**
     * What a replica of the newest version runs.
     *
     * @throws FaasException if its image is not there any more
     */
    RunPlan newestPlan();

    void tell(ProviderEvent event);

    /** Something happened that may ask for steps. */
    void changed();
  }

  private final FunctionName name;
  private final ControllerContext context;
  private final Mailbox mailbox;
  private final Owner owner;
  private final List<Replica> replicas = new ArrayList<>();

  // Mutable state

  /** The name of the next replica, if something stands by for it. */
  private @Nullable ReplicaId next;

  ReplicaSet(FunctionName name, ControllerContext context, Mailbox mailbox, Owner owner) {
    this.name = name;
    this.context = context;
    this.mailbox = mailbox;
    this.owner = owner;
  }

  boolean isEmpty() {
    return replicas.isEmpty();
  }

  /** In the order in which they were made. */
  Stream<Replica> stream() {
    return replicas.stream();
  }

  /** Makes ahead what the next replica will need, where none is left. */
  void standBy(RunPlan plan) {
    if (!replicas.isEmpty() || next != null || plan.isExclusive()) {
      return;
    }
    next = context.newId(name);
    context.launcher().standBy(next, plan, context.user(name));
  }

  /** What was made ahead is of no use any more. */
  void standDown() {
    if (next != null) {
      context.launcher().standDown(next);
      next = null;
    }
  }

  private ReplicaId nextId() {
    ReplicaId id = next == null ? context.newId(name) : next;
    next = null;
    return id;
  }

  /** Ends all at once. */
  void end() {
    standDown();
    List.copyOf(replicas).forEach(this::kill);
  }

  void execute(Step step, int version) {
    switch (step) {
      case Step.Create _ -> replicas.add(new Replica(nextId(), version));
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

  /** What it runs; when there is nothing, because the image is gone, that is a failed start. */
  private Optional<RunPlan> runnable(Replica replica) {
    try {
      return Optional.of(replica.plan == null ? owner.newestPlan() : replica.plan);
    } catch (FaasException e) {
      startFailed(replica, e.getMessage(), List.of());
      return Optional.empty();
    }
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
    owner.changed();
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
    owner.changed();
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
        "it accepted no connection "
            + place(replica)
            + "within "
            + context.patience().start().toSeconds()
            + " s [--start-timeout]";
    List<String> lines = replica.handle == null ? List.of() : replica.handle.lastLogLines();
    if (replica.handle != null) {
      replica.handle.kill();
    }
    startFailed(replica, reason, lines);
  }

  /** Where a server that is the function's own should have listened. */
  private static String place(Replica replica) {
    RunPlan plan = requireNonNull(replica.plan, "it was started");
    return switch (plan.kind()) {
      case RunPlan.Kind.OwnSocket _ -> "on the socket that BARISTA_SOCKET names ";
      case RunPlan.Kind.OwnPort(OptionalInt fixed) ->
          fixed.isPresent()
              ? "on port " + fixed.getAsInt() + ", which upstream_url names, "
              : "on the port that PORT names ";
      case RunPlan.Kind.Watchdog _ -> "";
    };
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
      owner.changed();
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
    context.launcher().standDown(replica.id); // if it was never launched
    context.admission().release(replica.id);
  }

  private void tellGone(Replica replica, String reason) {
    if (replica.announced) {
      replica.announced = false;
      tell(new ReplicaGone(name, replica.id, reason));
    }
  }

  private void tell(ProviderEvent event) {
    owner.tell(event);
  }

  private Optional<Replica> find(ReplicaId id) {
    return replicas.stream().filter(replica -> replica.id.equals(id)).findFirst();
  }
}
