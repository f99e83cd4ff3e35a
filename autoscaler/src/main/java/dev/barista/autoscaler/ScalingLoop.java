package dev.barista.autoscaler;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
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
import java.util.ArrayList;
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

  private static final System.Logger LOG = System.getLogger(ScalingLoop.class.getName());

  private final ScalingConfig config;
  private final ScalingPorts ports;
  private final InstantSource clock;
  private final Executor executor;

  private final ConcurrentMap<FunctionName, FunctionScaling> functions = new ConcurrentHashMap<>();
  private final ConcurrentMap<FunctionName, FunctionScaling> awake = new ConcurrentHashMap<>();
  private final ConcurrentMap<FunctionName, Boolean> scaling = new ConcurrentHashMap<>();
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
    this.executor = executor;
  }

  // ---- what the provider tells

  /** A function exists, or its spec or its desired replicas changed. */
  public void changed(FunctionSpec spec, int desired) {
    Instant now = clock.instant();
    FunctionScaling known = functions.get(spec.name());
    if (known == null) {
      ScalingPolicy policy = policy(spec);
      FunctionScaling fresh =
          new FunctionScaling(
              spec.name(),
              policy,
              signals(spec.name(), policy, config, desired, now),
              desired,
              now);
      fresh.readFrom(spec);
      functions.put(spec.name(), fresh);
      wake(fresh);
      return;
    }
    if (!known.isReadFrom(spec)) {
      ScalingPolicy policy = policy(spec);
      if (!known.policy().equals(policy)) {
        known.policy(policy, signals(spec.name(), policy, config, known.desired(), now));
      }
      known.readFrom(spec);
    }
    known.desired(desired, now).ifPresent(change -> tell(spec.name(), change));
    wake(known);
  }

  public void deleted(FunctionName function) {
    functions.remove(function);
    awake.remove(function);
    gone.add(function);
  }

  /** What was accepted by an earlier version may be refused by this one: then nothing scales it. */
  private ScalingPolicy policy(FunctionSpec spec) {
    try {
      return ScalingPolicy.of(spec, config.knative(), config.maxReplicas());
    } catch (FaasException e) {
      LOG.log(WARNING, "function {0} does not scale: {1}", spec.name(), e.getMessage());
      return ScalingPolicy.none();
    }
  }

  /**
   * @param replicas that it has already
   */
  static List<Signal> signals(
      FunctionName name, ScalingPolicy policy, ScalingConfig config, int replicas, Instant now) {
    List<Signal> signals = new ArrayList<>();
    policy
        .kpa()
        .ifPresent(rules -> signals.add(new KpaSignal(rules, config.maxReplicas(), replicas, now)));
    policy.targets().forEach(target -> signals.add(new TargetSignal(target)));
    policy.alert().ifPresent(alert -> signals.add(new AlertSignal(name, alert, config.alerts())));
    return signals;
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
      apply(function, wish.get(), now);
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

  /**
   * One change at a time: what is wanted while one is on its way is wanted again at the next look.
   */
  private void apply(FunctionScaling function, Wish wish, Instant now) {
    if (scaling.putIfAbsent(function.name(), true) != null) {
      return;
    }
    try {
      executor.execute(() -> tryScale(function, wish, now));
    } catch (RuntimeException | Error e) {
      scaling.remove(function.name());
      throw e;
    }
  }

  private void tryScale(FunctionScaling function, Wish wish, Instant now) {
    try {
      scale(function, wish, now);
    } catch (FaasException e) {
      LOG.log(WARNING, "cannot scale {0}: {1}", function.name(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(ERROR, "cannot scale " + function.name(), e);
    } finally {
      scaling.remove(function.name());
    }
  }

  private void scale(FunctionScaling function, Wish wish, Instant now) {
    if (wish.replicas() == 0 && busy(function)) {
      return;
    }
    ScalingDecision decision = function.ask(wish, now);
    try {
      ports.replicas().scale(function.name(), wish.replicas());
    } catch (RuntimeException e) {
      function.refused();
      throw e;
    }
    function.remember(decision);
    tell(function.name(), decision);
  }

  /** One line for each change, whoever made it. */
  private static void tell(FunctionName function, ScalingDecision decision) {
    String bound = decision.boundedBy().map(cut -> ", bounded by " + cut).orElse("");
    LOG.log(
        INFO,
        "[Scale] function="
            + function
            + " "
            + decision.from()
            + " => "
            + decision.to()
            + ": "
            + decision.reason()
            + bound);
  }

  /** A call may have come since the decision. */
  private boolean busy(FunctionScaling function) {
    return ports
        .loads()
        .read(function.name(), System.nanoTime())
        .filter(load -> load.inFlight() > 0 || load.arrivals() > function.arrivals())
        .isPresent();
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
    scale(function, wish.get(), now);
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
      function.policy(policy, signals(function.name(), policy, config, function.desired(), now));
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
