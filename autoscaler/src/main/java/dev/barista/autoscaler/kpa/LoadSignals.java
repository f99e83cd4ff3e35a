package dev.barista.autoscaler.kpa;

/**
 * What is known of a function at one instant.
 *
 * @param ready replicas that take calls
 * @param stable average load of the whole function over the stable window
 * @param panic the same over the panic window
 * @param reachable whether calls can still be routed to it; an old revision is not
 */
public record LoadSignals(int ready, double stable, double panic, boolean reachable) {

  public LoadSignals {
    if (ready < 0) {
      throw new IllegalArgumentException("ready: " + ready + " (expected: >= 0)");
    }
  }

  /** Of a function that takes calls. */
  public static LoadSignals of(int ready, double stable, double panic) {
    return new LoadSignals(ready, stable, panic, true);
  }
}
