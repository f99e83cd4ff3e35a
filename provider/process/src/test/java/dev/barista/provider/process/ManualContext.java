package dev.barista.provider.process;

import dev.barista.api.Enforcement;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.spi.ProviderListener;
import dev.barista.provider.spi.ReplicaUsage;
import dev.barista.provider.testkit.RecordingListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Time that a test moves, and processes that are only said to be there. */
final class ManualContext implements ControllerContext {

  static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(10));

  final RecordingListener listener = new RecordingListener();
  final List<FakeRun> runs = new CopyOnWriteArrayList<>();

  /** The replicas for which something is made ahead. */
  final List<ReplicaId> standingBy = new CopyOnWriteArrayList<>();

  private final TestImages images;
  private final Admission admission =
      new Admission(new NodeCapacity(1_000_000, 1L << 40), () -> {});
  private final AtomicInteger ids = new AtomicInteger();
  private final List<Due> timers = new ArrayList<>();

  // Mutable state
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private record Due(Instant time, Runnable task) {}

  /** A process in name only. */
  static final class FakeRun implements ReplicaHandle {
    final ReplicaId replica;
    final ReplicaLauncher.Watcher watcher;
    final List<String> signals = new CopyOnWriteArrayList<>();

    FakeRun(ReplicaId replica, ReplicaLauncher.Watcher watcher) {
      this.replica = replica;
      this.watcher = watcher;
    }

    @Override
    public void terminate() {
      signals.add("terminate");
    }

    @Override
    public void kill() {
      signals.add("kill");
    }

    @Override
    public List<String> lastLogLines() {
      return List.of("a line");
    }

    @Override
    public ReplicaUsage usage() {
      return new ReplicaUsage(replica, OptionalLong.of(1), OptionalLong.empty());
    }

    void end(String reason) {
      watcher.ended(new ReplicaLauncher.Ending(reason, List.of("a line")));
    }
  }

  ManualContext(TestImages images) {
    this.images = images;
  }

  /** Moves the clock and runs what is due. */
  void pass(Duration time) {
    List<Due> due = new ArrayList<>();
    synchronized (timers) {
      now = now.plus(time);
      timers.stream().filter(timer -> !timer.time().isAfter(now)).forEach(due::add);
      timers.removeAll(due);
    }
    due.forEach(timer -> timer.task().run());
  }

  @Override
  public Admission admission() {
    return admission;
  }

  @Override
  public ReplicaLauncher launcher() {
    return new ReplicaLauncher() {
      @Override
      public ReplicaHandle launch(ReplicaId replica, RunPlan plan, int user, Watcher watcher) {
        standingBy.remove(replica);
        FakeRun run = new FakeRun(replica, watcher);
        runs.add(run);
        return run;
      }

      @Override
      public void standBy(ReplicaId replica, RunPlan plan, int user) {
        standingBy.add(replica);
      }

      @Override
      public void standDown(ReplicaId replica) {
        standingBy.remove(replica);
      }

      @Override
      public void close() {
        // nothing runs
      }
    };
  }

  @Override
  public RunPlans plans() {
    return new RunPlans(
        images,
        new WatchdogLauncher(
            Path.of("/java"), Path.of("/"), List.of(Path.of("/jar")), List.of(), Optional.empty()),
        IsolationLevel.NONE,
        /* ownUsers= */ false,
        /* processesPerReplica= */ 10,
        () -> "http://127.0.0.1:8080");
  }

  @Override
  public InstantSource clock() {
    return () -> now;
  }

  @Override
  public Timer timer() {
    return (time, task) -> {
      synchronized (timers) {
        timers.add(new Due(time, task));
      }
    };
  }

  @Override
  public Patience patience() {
    return PATIENCE;
  }

  @Override
  public ProviderListener listener() {
    return listener;
  }

  @Override
  public ReplicaId newId(FunctionName name) {
    return new ReplicaId(name.name() + "-" + ids.incrementAndGet());
  }

  @Override
  public int user(FunctionName name) {
    return Users.FIRST;
  }

  @Override
  public List<Enforcement> enforcement(FunctionSpec spec, Optional<RunPlan> plan) {
    return List.of();
  }

  @Override
  public void ended(FunctionController controller) {
    // the test looks by itself
  }
}
