package dev.barista.gateway.metrics;

import dev.barista.api.FunctionName;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one function's calls. Thread-safe, without a lock. */
public final class FunctionMetrics {

  /** What is known of a function at this instant. Thread-safe. */
  public interface Gauges {

    /** Calls that have arrived and not ended, on a replica or waiting for one. */
    int inFlight();

    /** Those of them that wait. */
    int waiting();

    /** Replicas that take calls. */
    int ready();
  }

  private static final Gauges NOTHING =
      new Gauges() {
        @Override
        public int inFlight() {
          return 0;
        }

        @Override
        public int waiting() {
          return 0;
        }

        @Override
        public int ready() {
          return 0;
        }
      };

  private final FunctionName name;
  private final LongAdder started = new LongAdder();
  private final StatusHistograms ended = new StatusHistograms();

  // Mutable state
  private volatile int desiredReplicas;
  private volatile Gauges gauges = NOTHING;

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

  /** Whom a scrape asks. */
  public void gauges(Gauges asked) {
    gauges = asked;
  }

  Gauges gauges() {
    return gauges;
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
