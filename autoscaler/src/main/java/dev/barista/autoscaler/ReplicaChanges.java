package dev.barista.autoscaler;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/** Passes what is wanted to the provider, remembers it and logs it. Thread-safe. */
final class ReplicaChanges {

  private final ScalingPorts ports;
  private final Executor executor;
  private final ConcurrentMap<FunctionName, Boolean> scaling = new ConcurrentHashMap<>();

  /**
   * @param executor runs what may block: calls to the provider
   */
  ReplicaChanges(ScalingPorts ports, Executor executor) {
    this.ports = ports;
    this.executor = executor;
  }

  /**
   * One change of a function at a time: what is wanted while one is on its way is wanted again at
   * the next look. Returns at once; a failure is logged.
   */
  void begin(FunctionScaling function, Wish wish, Instant now) {
    if (scaling.putIfAbsent(function.name(), true) != null) {
      return;
    }
    try {
      executor.execute(() -> tryMake(function, wish, now));
    } catch (RuntimeException | Error e) {
      scaling.remove(function.name());
      throw e;
    }
  }

  private void tryMake(FunctionScaling function, Wish wish, Instant now) {
    try {
      make(function, wish, now);
    } catch (FaasException e) {
      ScalingLoop.LOG.log(WARNING, "cannot scale {0}: {1}", function.name(), e.getMessage());
    } catch (RuntimeException e) {
      ScalingLoop.LOG.log(ERROR, "cannot scale " + function.name(), e);
    } finally {
      scaling.remove(function.name());
    }
  }

  /**
   * Blocks until it is made, unless it is to zero and a call has come.
   *
   * @throws FaasException if the provider refuses
   */
  void make(FunctionScaling function, Wish wish, Instant now) {
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

  /** A call may have come since the decision. */
  private boolean busy(FunctionScaling function) {
    return ports
        .loads()
        .read(function.name(), System.nanoTime())
        .filter(load -> load.inFlight() > 0 || load.arrivals() > function.arrivals())
        .isPresent();
  }

  /** One line for each change, whoever made it. */
  static void tell(FunctionName function, ScalingDecision decision) {
    String bound = decision.boundedBy().map(cut -> ", bounded by " + cut).orElse("");
    ScalingLoop.LOG.log(
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
}
