package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ReplicaId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes that are made and wait for the call that needs them. Making one takes most of a cold
 * start's time beside the function's own; a waiting one is three idle processes. So those functions
 * have one that came to zero last, up to a bound. Thread-safe.
 */
final class StandbySandboxes implements AutoCloseable {

  /**
   * A full store replaces its oldest one no sooner, so that a thousand functions that come to zero
   * together don't make a thousand.
   */
  static final Duration LEAST_STAY = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final int capacity;
  private final InstantSource clock;

  private record Standing(PreparedRun run, Instant since) {}

  // Mutable state, guarded by this object

  /** The oldest first. */
  private final Map<ReplicaId, Standing> standing = new LinkedHashMap<>();

  private final List<Thread> discarding = new ArrayList<>();
  private int reserved;
  private boolean isClosed;

  /**
   * @param capacity how many are kept; 0 = none
   */
  StandbySandboxes(int capacity, InstantSource clock) {
    this.capacity = capacity;
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Takes a place before one is made, the oldest one's if there is no other: functions that come to
   * zero together would all see the last place free. {@link #add} or {@link #giveBack} follows.
   *
   * @return false if there is no place
   */
  synchronized boolean reserve() {
    if (isClosed) {
      return false;
    }
    if (standing.size() + reserved >= capacity) {
      if (!oldestHasStayed()) {
        return false;
      }
      discard(standing.keySet().iterator().next());
    }
    reserved++;
    return true;
  }

  /** There is nothing to add. */
  synchronized void giveBack() {
    reserved--;
  }

  private boolean oldestHasStayed() {
    Iterator<Standing> oldestFirst = standing.values().iterator();
    return oldestFirst.hasNext()
        && !oldestFirst.next().since().plus(LEAST_STAY).isAfter(clock.instant());
  }

  /** Keeps it in the place that was reserved, or discards it if none is kept any more. */
  synchronized void add(PreparedRun run) {
    reserved--;
    if (isClosed) {
      discard(run);
      return;
    }
    standing.put(run.replica(), new Standing(run, clock.instant()));
  }

  /** Gives it to the caller, if there is one with such a plan. */
  synchronized Optional<PreparedRun> take(ReplicaId replica, RunPlan plan) {
    @Nullable Standing found = standing.remove(replica);
    if (found == null) {
      return Optional.empty();
    }
    if (!found.run().plan().equals(plan)) {
      discard(found.run());
      return Optional.empty();
    }
    return Optional.of(found.run());
  }

  synchronized void discard(ReplicaId replica) {
    @Nullable Standing found = standing.remove(replica);
    if (found != null) {
      discard(found.run());
    }
  }

  /** Ends one that was taken, or never kept. */
  synchronized void discard(PreparedRun run) {
    discarding.removeIf(thread -> !thread.isAlive());
    discarding.add(run.discard());
  }

  /** Keeps none any more, and waits until nothing of those is left that it has discarded. */
  @Override
  public void close() {
    List<Thread> last;
    synchronized (this) {
      isClosed = true;
      List.copyOf(standing.keySet()).forEach(this::discard);
      last = List.copyOf(discarding);
    }
    try {
      for (Thread thread : last) {
        thread.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
