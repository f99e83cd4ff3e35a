package dev.barista.gateway.metrics;

import dev.barista.api.FunctionName;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one function's calls. Thread-safe, without a lock. */
public final class FunctionMetrics {

  private final FunctionName name;
  private final LongAdder started = new LongAdder();
  private final StatusHistograms ended = new StatusHistograms();

  // Mutable state
  private volatile int desiredReplicas;

  FunctionMetrics(FunctionName name) {
    this.name = name;
  }

  FunctionName name() {
    return name;
  }

  /** A call is about to be passed to a replica. Each one ends exactly once. */
  public void callStarted() {
    started.increment();
  }

  /**
   * A call has ended.
   *
   * @param status what the client got; 502 when it had gone
   * @param nanos from its arrival to its end
   */
  public void callEnded(int status, long nanos) {
    ended.record(status, nanos);
  }

  public void desiredReplicas(int replicas) {
    desiredReplicas = replicas;
  }

  int desiredReplicas() {
    return desiredReplicas;
  }

  /** Calls that were passed on. */
  public long started() {
    return started.sum();
  }

  /** Calls that ended, whatever their status. */
  public long ended() {
    return ended.count();
  }

  StatusHistograms byStatus() {
    return ended;
  }
}
