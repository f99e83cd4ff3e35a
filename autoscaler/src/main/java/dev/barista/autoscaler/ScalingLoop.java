package dev.barista.autoscaler;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Comparator.comparing;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.policy.ScalingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/**
 * The one loop. Each second it looks at the functions that are not at rest, and passes the changes
 * that come of it to the provider, for one function one after the other. A function at rest costs
 * nothing: the data plane tells its next call.
 *
 * <p>Thread-safe. {@link #tick} is called by one thread; the rest by any. Whatever may block runs
 * on the executor.
 */
public final class ScalingLoop implements Autoscaling, LoadListener {

  /** Of all that belongs to the loop: its lines stand under one name. */
  static final System.Logger LOG = System.getLogger(ScalingLoop.class.getName());

  private final ScalingConfig config;
  private final ScalingPorts ports;
  private final InstantSource clock;
  private final ScalingRules rules;
  private final ReplicaChanges changes;

  private final ConcurrentMap<FunctionName, FunctionScaling> functions = new ConcurrentHashMap<>();
  private final ConcurrentMap<FunctionName, FunctionScaling> awake = new ConcurrentHashMap<>();
  private final Queue<FunctionName> gone = new ConcurrentLinkedQueue<>();
  private final Alarms alarms = new Alarms();

  /**
   * @param executor runs what may block: calls to the provider
   */
  public ScalingLoop(
      ScalingConfig config, ScalingPorts ports, InstantSource clock, Executor executor) {
    this.config = config;
    this.ports = ports;
    this.clock = clock;
    this.rules = new ScalingRules(config);
    this.changes = new ReplicaChanges(ports, executor);
  }

  // ---- what the provider tells

  /** A function exists, or its spec or its desired replicas changed. */
  public void changed(FunctionSpec spec, int desired) {
    Instant now = clock.instant();
    FunctionScaling known = functions.get(spec.name());
    if (known == null) {
      ScalingPolicy policy = rules.policy(spec);
      FunctionScaling fresh =
          new FunctionScaling(
              spec.name(), policy, rules.signals(spec.name(), policy, desired, now), desired, now);
      fresh.readFrom(spec);
      functions.put(spec.name(), fresh);
      wake(fresh);
      return;
    }
    if (!known.isReadFrom(spec)) {
      ScalingPolicy policy = rules.policy(spec);
      if (!known.policy().equals(policy)) {
        known.policy(policy, rules.signals(spec.name(), policy, known.desired(), now));
      }
      known.readFrom(spec);
    }
    known.desired(desired, now).ifPresent(change -> ReplicaChanges.tell(spec.name(), change));
    wake(known);
  }

  public void deleted(FunctionName function) {
    functions.remove(function);
    awake.remove(function);
    gone.add(function);
  }

  @Override
  public void called(FunctionName function) {
    FunctionScaling called = functions.get(function);
    if (called != null) {
      wake(called);
    }
  }

  private void wake(FunctionScaling function) {
    awake.put(function.name(), function);
  }

  // ---- the tick

  /**
   * Looks at every function that is not at rest.
   *
   * @param now a whole second, later than the one before
   * @param nanos of {@link System#nanoTime}
   */
  public void tick(Instant now, long nanos) {
    for (FunctionName name = gone.poll(); name != null; name = gone.poll()) {
      alarms.drop(name);
    }
    alarms.due(now).forEach(this::called);
    for (FunctionScaling function : awake.values()) {
      try {
        look(function, now, nanos);
      } catch (RuntimeException e) {
        LOG.log(ERROR, "cannot decide on " + function.name(), e);
      }
    }
  }

  private void look(FunctionScaling function, Instant now, long nanos) {
    Optional<LoadReading> reading = ports.loads().read(function.name(), nanos);
    if (reading.isEmpty()) {
      awake.remove(function.name(), function);
      return;
    }
    ScalingPolicy policy = function.policy();
    OptionalLong cpu =
        policy.measuresCpu() ? ports.cpu().cpuNanos(function.name()) : OptionalLong.empty();
    long pending = policy.countsPending() ? ports.pending().pending(function.name()) : 0;
    Optional<Wish> wish = function.look(reading.get(), cpu, pending, now, nanos);
    if (wish.isPresent()) {
      changes.begin(function, wish.get(), now);
    } else {
      function.restsUntil().ifPresent(until -> rest(function, until));
    }
  }

  private void rest(FunctionScaling function, Instant until) {
    awake.remove(function.name(), function);
    if (function.restsUntil().isEmpty()) {
      // It changed in between.
      wake(function);
      return;
    }
    if (until.isBefore(Instant.MAX)) {
      alarms.set(function.name(), until);
    }
    ports.loads().tellNextCall(function.name(), function.arrivals());
  }

  // ---- what the REST interface asks

  @Override
  public AlertMode alertMode() {
    return config.alerts();
  }

  @Override
  public String alert(FunctionName name, boolean firing) {
    FunctionScaling function = functions.get(name);
    if (function == null) {
      throw FaasException.functionNotFound(name);
    }
    Optional<AlertSignal> alert = function.alert();
    if (alert.isEmpty()) {
      return "function " + name + " is scaled by its own target; the alert changes nothing";
    }
    Optional<String> disabled = alert.get().disabled();
    if (disabled.isPresent()) {
      return "alerts change nothing for function " + name + ": " + disabled.get();
    }
    int from = function.desired();
    Instant now = clock.instant();
    Optional<Wish> wish = function.told(firing, now);
    if (wish.isEmpty()) {
      return "function " + name + " stays at " + from;
    }
    changes.make(function, wish.get(), now);
    return "function " + name + " " + from + " => " + wish.get().replicas();
  }

  @Override
  public List<AlertReport> alerts() {
    if (config.alerts() != AlertMode.BUILTIN) {
      return List.of();
    }
    return functions.values().stream()
        .flatMap(function -> function.alertReport().stream())
        .sorted(
            comparing((AlertReport alert) -> alert.state().equals("inactive"))
                .thenComparing(AlertReport::function))
        .toList();
  }

  @Override
  public Optional<ScalingReport> report(FunctionName name) {
    FunctionScaling function = functions.get(name);
    if (function == null) {
      return Optional.empty();
    }
    return ports.loads().read(name, System.nanoTime()).map(load -> function.report(load));
  }

  @Override
  public List<IdleReport> idle() {
    Instant now = clock.instant();
    return functions.values().stream()
        .filter(function -> function.policy().mayGoToZero())
        .sorted(comparing(FunctionScaling::name))
        .flatMap(
            function ->
                ports.loads().read(function.name(), System.nanoTime()).stream()
                    .map(load -> function.idleReport(load, now)))
        .toList();
  }

  /** For graphs, by name. */
  public List<ScalingGauges> gauges() {
    return functions.values().stream()
        .sorted(comparing(FunctionScaling::name))
        .map(FunctionScaling::gauges)
        .toList();
  }

  /** Functions that are looked at, for tests. */
  int awake() {
    return awake.size();
  }

  /** The clock was set back: what was read belongs to seconds that come again. */
  private void startAnew(Instant now) {
    LOG.log(WARNING, "the clock went back to {0}: the load is measured anew", now);
    for (FunctionScaling function : functions.values()) {
      ScalingPolicy policy = function.policy();
      function.policy(policy, rules.signals(function.name(), policy, function.desired(), now));
    }
  }

  /** Runs until the thread is interrupted: a tick at each whole second. */
  public void run() {
    LOG.log(DEBUG, "the scaling loop begins");
    Instant last = Instant.MIN;
    while (!Thread.currentThread().isInterrupted()) {
      Instant now = clock.instant();
      Instant second = now.truncatedTo(ChronoUnit.SECONDS);
      if (!second.equals(last)) {
        if (second.isBefore(last)) {
          startAnew(second);
        }
        last = second;
        tick(second, System.nanoTime());
        continue;
      }
      try {
        Thread.sleep(Duration.between(now, second.plusSeconds(1)));
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
