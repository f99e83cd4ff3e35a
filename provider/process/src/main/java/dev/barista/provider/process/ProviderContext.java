package dev.barista.provider.process;

import dev.barista.api.Enforcement;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.ProviderListener;
import dev.barista.provider.spi.SecretStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What the controllers of one provider share. */
final class ProviderContext implements ControllerContext, AutoCloseable {

  private final Host host;
  private final RunPlans plans;
  private final Patience patience;
  private final Admission admission;
  private final ReplicaLauncher launcher;
  private final Enforcements enforcements;
  private final Consumer<FunctionController> onEnded;
  private final InstantSource clock = monotonic();
  private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
  private final AtomicLong ids = new AtomicLong();

  /** Tells the replicas of this start from those of others. */
  private final String idPrefix = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

  // Mutable state
  private volatile ProviderListener listener = _ -> {};

  /**
   * @param onRelease called whenever there is room on the node
   * @param onEnded called in a controller's mailbox when it may have finished
   */
  ProviderContext(
      ProcessProviderConfig config,
      Host host,
      RunPlans plans,
      SecretStore secrets,
      Runnable onRelease,
      Consumer<FunctionController> onEnded) {
    this.host = host;
    this.plans = plans;
    this.patience = config.patience();
    this.admission = new Admission(config.capacity(), onRelease);
    this.launcher =
        new ProcessLauncher(
            host, config.confinement().limits(), secrets, config.standbySandboxes(), clock);
    this.onEnded = onEnded;
    this.enforcements =
        new Enforcements(
            config.confinement().isolation(),
            host.jail().level(),
            host.isolationNote(),
            host.jail().boundsProcesses(),
            host.cgroups(),
            config.confinement().processesPerReplica());
    timers.setThreadFactory(Thread.ofPlatform().name("replica-timer").daemon(true).factory());
  }

  void listener(ProviderListener to) {
    listener = to;
  }

  /** Does something now and then, on the thread of the timers. */
  void every(Duration time, Runnable task) {
    var _ =
        timers.scheduleWithFixedDelay(task, time.toNanos(), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends every replica, and starts none any more. */
  @Override
  public void close() {
    launcher.close();
    timers.shutdownNow();
  }

  /** Starts at the wall clock's time and never jumps. */
  private static InstantSource monotonic() {
    Instant start = Instant.now();
    long origin = System.nanoTime();
    return () -> start.plusNanos(System.nanoTime() - origin);
  }

  @Override
  public Admission admission() {
    return admission;
  }

  @Override
  public ReplicaLauncher launcher() {
    return launcher;
  }

  @Override
  public RunPlans plans() {
    return plans;
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public Timer timer() {
    return (time, task) -> {
      if (!timers.isShutdown()) {
        long nanos = Math.max(0, Duration.between(clock.instant(), time).toNanos());
        var _ = timers.schedule(task, nanos, TimeUnit.NANOSECONDS);
      }
    };
  }

  @Override
  public Patience patience() {
    return patience;
  }

  @Override
  public ProviderListener listener() {
    return listener;
  }

  @Override
  public ReplicaId newId(FunctionName name) {
    return new ReplicaId(
        name.name()
            + "-"
            + idPrefix
            + "-"
            + Long.toString(ids.incrementAndGet(), Character.MAX_RADIX));
  }

  @Override
  public int user(FunctionName name) {
    return host.users().of(name);
  }

  @Override
  public List<Enforcement> enforcement(FunctionSpec spec, Optional<RunPlan> plan) {
    return enforcements.of(spec, plan);
  }

  @Override
  public void ended(FunctionController controller) {
    onEnded.accept(controller);
  }
}
