package dev.barista.provider.process;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.log.ReplicaLog;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.SecretStore;
import dev.barista.spawn.Child;
import dev.barista.spawn.Signals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts each replica as a process in its jail, its cgroup and its own folders, and frees all three
 * when it has ended. Where a replica at zero may be called again it keeps a sandbox on standby, so
 * that the call waits for the function's program only.
 */
final class ProcessLauncher implements ReplicaLauncher {

  private static final System.Logger LOG = System.getLogger(ProcessLauncher.class.getName());

  private final Host host;
  private final RunPreparer preparer;
  private final Freshness freshness;
  private final StandbyShell standby;
  private final StandbySandboxes sandboxes;
  private final Set<Run> running = ConcurrentHashMap.newKeySet();

  /**
   * @param standbySandboxes how many are kept at most
   */
  ProcessLauncher(
      Host host,
      ProcessLimits limits,
      SecretStore secrets,
      int standbySandboxes,
      InstantSource clock) {
    this.host = host;
    this.standby = new StandbyShell(host.spawner());
    this.preparer = new RunPreparer(host, limits, secrets, standby);
    this.freshness = new Freshness(host.jail(), secrets);
    this.sandboxes = new StandbySandboxes(standbySandboxes, clock);
  }

  @Override
  public ReplicaHandle launch(ReplicaId replica, RunPlan plan, int user, Watcher watcher) {
    Optional<PreparedRun> standing = sandboxes.take(replica, plan).filter(this::becomes);
    return run(
        standing.orElseGet(() -> preparer.prepare(replica, plan, user, /* standsBy= */ false)),
        watcher);
  }

  /** Whether one that stood by still has all that a new one would have. */
  private boolean becomes(PreparedRun prepared) {
    boolean goes = freshness.has(prepared) && prepared.go();
    if (!goes) {
      sandboxes.discard(prepared);
    }
    return goes;
  }

  private ReplicaHandle run(PreparedRun prepared, Watcher watcher) {
    FunctionName function = prepared.plan().spec().name();
    try {
      ReplicaLog log = host.logs().open(function, prepared.replica());
      prepared.resources().add(() -> host.logs().close(function, prepared.replica()));
      Run run = new Run(prepared, log, host.jail().level());
      host.pump().add(prepared.child().pipe(1), log);
      running.add(run);
      run.watch(host, new Refilling(standby, watcher), () -> running.remove(run));
      return run;
    } catch (RuntimeException e) {
      sandboxes.discard(prepared);
      LOG.log(System.Logger.Level.ERROR, "a replica could not be started", e);
      throw new LaunchException("can't start a replica: the provider's log says why", e);
    }
  }

  @Override
  public void standBy(ReplicaId replica, RunPlan plan, int user) {
    if (host.jail().level() != IsolationLevel.SANDBOX || !sandboxes.reserve()) {
      return;
    }
    try {
      sandboxes.add(preparer.prepare(replica, plan, user, /* standsBy= */ true));
    } catch (LaunchException e) {
      sandboxes.giveBack();
      LOG.log(System.Logger.Level.DEBUG, "no sandbox on standby", e);
    }
  }

  @Override
  public void standDown(ReplicaId replica) {
    sandboxes.discard(replica);
  }

  /** Nobody else will ever reap it. Waits on a thread of its own, since a virtual one must not. */
  static void abandon(Child child) {
    child.signalGroup(Signals.SIGKILL);
    Thread.ofPlatform().name("abandoned-" + child.pid()).daemon(true).start(() -> awaitEnd(child));
  }

  /** Reaps one that is killed, and closes its descriptors. Not for a virtual thread. */
  static void awaitEnd(Child child) {
    child.waitFor(Duration.ofMinutes(1));
    child.close();
  }

  /** The next shell starts when this replica's start is over, and takes no time from it. */
  private record Refilling(StandbyShell standby, Watcher watcher) implements Watcher {
    @Override
    public void ready(Endpoint endpoint) {
      watcher.ready(endpoint);
      standby.refill();
    }

    @Override
    public void ended(Ending ending) {
      watcher.ended(ending);
      standby.refill();
    }
  }

  @Override
  public void close() {
    sandboxes.close();
    standby.close();
    running.forEach(Run::kill);
    running.forEach(Run::awaitEnd);
  }
}
