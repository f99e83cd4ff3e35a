package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.api.ScaleBounds;
import dev.barista.autoscaler.FunctionLoads;
import dev.barista.autoscaler.LoadListener;
import dev.barista.autoscaler.LoadReading;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.http.EventLoops;
import dev.barista.http.IdleBudget;
import dev.barista.http.Upstream;
import dev.barista.http.UpstreamConfig;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meeting point of the two planes: function name → its ready replicas. Written by what the
 * provider tells, read by every call. Thread-safe; nothing blocks. Only deployed functions are
 * here: a call to an unknown name leaves no trace.
 */
public final class ReplicaPools implements ProviderListener, FunctionLoads {

  private static final System.Logger LOG = System.getLogger(ReplicaPools.class.getName());
  private static final int SHOWN_LOG_LINES = 10;

  private final EventLoops loops;
  private final GatewayMetrics metrics;
  private final InvokeConfig config;
  private final PoolContext context;
  private final Activator activator;
  private final UpstreamConfig upstreams;
  private final IdleBudget idle;

  /**
   * Both ways to write a function's name in a path: {@code name.namespace}, and {@code name} alone
   * for the default namespace. A name has no dot, so the two can't be mixed up.
   */
  private final ConcurrentMap<String, FunctionPool> byPathName = new ConcurrentHashMap<>();

  // Mutable state
  private volatile LoadListener loadListener = _ -> {};
  private volatile ToIntFunction<FunctionSpec> firstReplicas = spec -> ScaleBounds.of(spec).min();

  /**
   * @param provider asked to wake functions; not started here
   */
  public ReplicaPools(
      FunctionProvider provider, EventLoops loops, GatewayMetrics metrics, InvokeConfig config) {
    this.loops = loops;
    this.metrics = metrics;
    this.config = config;
    this.activator = new Activator(provider, () -> firstReplicas);
    this.context =
        new PoolContext(config.maxHeldCalls(), activator, activator.runner(), metrics.coldStarts());
    this.upstreams = UpstreamConfig.DEFAULT.withMaxIdle(config.maxIdlePerReplica());
    this.idle = new IdleBudget(config.maxIdle());
  }

  /** Tells somebody else of calls from now on. */
  public void loadListener(LoadListener listener) {
    loadListener = listener;
  }

  /**
   * Says from now on how many replicas a function at zero is woken with; by default its least
   * number. It must not block; less than one counts as one.
   */
  public void firstReplicas(ToIntFunction<FunctionSpec> count) {
    firstReplicas = count;
  }

  @Override
  public int callsOn(FunctionName function, ReplicaId replica) {
    FunctionPool pool = find(function);
    return pool == null ? 0 : pool.callsOn(replica);
  }

  @Override
  public Optional<LoadReading> read(FunctionName function, long now) {
    FunctionPool pool = find(function);
    if (pool == null) {
      return Optional.empty();
    }
    LoadMeter.Reading load = pool.load().read(now);
    return Optional.of(
        new LoadReading(
            load.arrivals(),
            load.answers(),
            load.callNanos(),
            load.inFlight(),
            pool.waiting(),
            pool.ready()));
  }

  @Override
  public void tellNextCall(FunctionName function, long seen) {
    FunctionPool pool = find(function);
    if (pool != null) {
      pool.load().tellNextCall(seen);
    }
  }

  @Nullable FunctionPool find(String pathName) {
    return byPathName.get(pathName);
  }

  private @Nullable FunctionPool find(FunctionName name) {
    return byPathName.get(name.toString());
  }

  @Override
  public void onEvent(ProviderEvent event) {
    if (event instanceof ProviderEvent.FunctionChanged changed) {
      changed(changed);
      return;
    }
    FunctionPool pool = find(event.function());
    if (pool == null) {
      unknown(event);
      return;
    }
    switch (event) {
      case ProviderEvent.FunctionChanged _ -> throw new AssertionError("told above");
      case ProviderEvent.FunctionDeleted deleted -> deleted(deleted.function(), pool);
      case ProviderEvent.ReplicaReady ready ->
          pool.ready(
              ready.replica(), Upstream.to(loops, ready.endpoint().address(), upstreams, idle));
      case ProviderEvent.ReplicaDraining draining ->
          pool.draining(draining.replica(), draining.whenIdle());
      case ProviderEvent.ReplicaGone gone -> pool.gone(gone.replica());
      case ProviderEvent.StartFailed failed -> pool.startFailed(startFailure(failed));
    }
  }

  private void changed(ProviderEvent.FunctionChanged event) {
    FunctionName name = event.function();
    FunctionPool pool = find(name);
    if (pool == null) {
      FunctionLoad load = new FunctionLoad(name, loops.count(), () -> loadListener);
      pool = new FunctionPool(name, metrics.function(name), load, context);
      metrics.function(name).gauges(pool);
    }
    pool.changed(event.spec(), event.policy(), event.desiredReplicas());
    byPathName.put(name.toString(), pool);
    if (name.namespace().equals(config.defaultNamespace())) {
      byPathName.put(name.name(), pool);
    }
  }

  private void deleted(FunctionName name, FunctionPool pool) {
    byPathName.remove(name.toString(), pool);
    byPathName.remove(name.name(), pool);
    metrics.remove(name);
    pool.deleted();
  }

  private void unknown(ProviderEvent event) {
    LOG.log(System.Logger.Level.DEBUG, () -> "told of a function that is not deployed: " + event);
    if (event instanceof ProviderEvent.ReplicaDraining draining) {
      activator.runner().execute(draining.whenIdle());
    }
  }

  private static FaasException startFailure(ProviderEvent.StartFailed event) {
    StringBuilder sentence = new StringBuilder("function ").append(event.function());
    sentence.append(" could not be started: ").append(event.reason());
    List<String> lines = event.lastLogLines();
    if (!lines.isEmpty()) {
      sentence.append("; its last output:");
      for (String line : lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size())) {
        sentence.append("\n  ").append(line);
      }
    }
    return new FaasException(ErrorCode.START_FAILED, "provider", sentence.toString());
  }
}
