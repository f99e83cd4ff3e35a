package dev.barista.provider.process;

import dev.barista.api.ReplicaId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides what is to be done with a function's replicas: a pure function of what is wanted, what is
 * there and the time.
 *
 * <h2>An update never takes what serves before its successor serves</h2>
 *
 * The replicas of the new version are started all at once beside the old ones; each that becomes
 * ready lets one old one drain. With 3 wanted: old/new ready go 3/0, 3/1 → 2/1, 2/2 → 1/2, 1/3 →
 * 0/3. If the new version can't start, the old one goes on serving for ever, and is started again
 * when it crashes.
 *
 * <h2>Where old and new don't fit on the node together</h2>
 *
 * As long as the new version has not failed, one old replica at a time makes room, but never the
 * last one that serves: with one replica wanted the new one stays pending and says so. A function
 * that is slower for a moment is better than one that is stuck, and a stuck one is better than one
 * that is gone.
 *
 * <h2>Functions of which only one replica can run</h2>
 *
 * One whose server insists on a port of its own can't stand beside its successor. There the old one
 * leaves first, calls wait meanwhile, and no more than one is made.
 *
 * <h2>Who leaves first</h2>
 *
 * Those that don't serve, then those with the fewest calls, of these the newest: they have the
 * coldest caches. So an idle replica ends at once, and a busy one goes on serving.
 */
final class Planner {

  /**
   * A replica as the planner sees it.
   *
   * @param version of the function that it runs
   * @param served whether it was ever ready
   * @param calls that are on it
   */
  record Seen(ReplicaId id, int version, boolean served, Phase phase, int calls) {
    Seen(ReplicaId id, int version, boolean served, Phase phase) {
      this(id, version, served, phase, /* calls= */ 0);
    }
  }

  /** One thing to do. */
  sealed interface Step {
    /** Add a replica of the wanted version, pending. */
    record Create() implements Step {}

    /** Try to find room for a pending replica, and start it. */
    record Admit(ReplicaId id) implements Step {}

    /** Start a replica again after its back-off. */
    record Restart(ReplicaId id) implements Step {}

    /** No new calls for a ready replica. */
    record Drain(ReplicaId id) implements Step {}

    /** Ask a drained replica's process to end. */
    record Stop(ReplicaId id) implements Step {}

    /** End a process at once: it never served, or didn't end when asked. */
    record Kill(ReplicaId id) implements Step {}

    /** Forget a replica that has no process. */
    record Drop(ReplicaId id) implements Step {}

    /** It did not become ready in time: end it as a failed start. */
    record GiveUp(ReplicaId id) implements Step {}
  }

  /**
   * @param steps to be done now, in this order
   * @param wake when to plan again if nothing happens before
   */
  record Plan(List<Step> steps, Optional<Instant> wake) {
    Plan {
      steps = List.copyOf(steps);
    }
  }

  /**
   * What there shall be.
   *
   * @param replicas of {@code version}; none of older ones
   * @param exclusive whether only one process of the function can run at a time
   */
  record Wanted(int replicas, int version, boolean exclusive) {}

  private final int wanted;
  private final int version;
  private final boolean exclusive;
  private final List<Seen> live;
  private final List<Seen> all;
  private final Instant now;
  private final List<Step> steps = new ArrayList<>();
  private final List<Instant> wakes = new ArrayList<>();

  private Planner(Wanted goal, List<Seen> replicas, Instant now) {
    this.exclusive = goal.exclusive();
    this.wanted = exclusive ? Math.min(1, goal.replicas()) : goal.replicas();
    this.version = goal.version();
    this.all = replicas;
    this.live = replicas.stream().filter(replica -> !replica.phase().isLeaving()).toList();
    this.now = now;
  }

  /**
   * @param replicas in the order in which they were made
   */
  static Plan plan(Wanted wanted, List<Seen> replicas, Instant now) {
    return new Planner(wanted, replicas, now).plan();
  }

  private Plan plan() {
    List<Seen> current = live.stream().filter(replica -> !isOld(replica)).toList();
    List<Seen> kept = retireBeyond(wanted, current);
    for (int i = current.size(); i < wanted; i++) {
      steps.add(new Step.Create());
    }
    if (exclusive) {
      retireBeyond(0, live.stream().filter(this::isOld).toList());
    } else {
      retireOld(kept);
    }
    if (!exclusive || isAlone()) {
      kept.forEach(this::advance);
    }
    all.stream().filter(replica -> replica.phase().isLeaving()).forEach(this::hurry);
    return new Plan(steps, wakes.stream().min(Comparator.naturalOrder()));
  }

  /** No process of another version, and none that is ending, can hold what a new one needs. */
  private boolean isAlone() {
    return all.stream().noneMatch(replica -> isOld(replica) || replica.phase().isLeaving());
  }

  private boolean isOld(Seen replica) {
    return replica.version() != version;
  }

  /** Those that stay. */
  private List<Seen> retireBeyond(int count, List<Seen> replicas) {
    List<Seen> byWorth = new ArrayList<>(replicas);
    // Stable: of equal ones the oldest first.
    byWorth.sort(
        Comparator.<Seen, Boolean>comparing(replica -> !isReady(replica))
            .thenComparing(Seen::calls, Comparator.reverseOrder()));
    byWorth.stream().skip(count).forEach(this::retire);
    return byWorth.stream().limit(count).toList();
  }

  private void retireOld(List<Seen> current) {
    List<Seen> old = live.stream().filter(this::isOld).toList();
    List<Seen> proven = old.stream().filter(Seen::served).toList();
    old.stream().filter(replica -> !replica.served()).forEach(this::retire);
    int newServing = (int) current.stream().filter(Planner::isReady).count();
    int oldServing = (int) proven.stream().filter(Planner::isReady).count();
    int keep = Math.max(0, wanted - newServing);
    if (proven.size() <= keep && needsRoom(current) && oldServing + newServing >= 2) {
      keep = proven.size() - 1;
    }
    // One that crashed comes back as long as its successor doesn't serve.
    retireBeyond(Math.max(0, keep), proven).forEach(this::advance);
  }

  /** A new replica waits for room that only an old one can make, and none is leaving already. */
  private boolean needsRoom(List<Seen> current) {
    return current.stream()
            .anyMatch(r -> r.phase() instanceof Phase.Pending(boolean retry) && !retry)
        && current.stream()
            .allMatch(r -> r.phase() instanceof Phase.Pending(boolean retry) ? !retry : isReady(r))
        && all.stream().noneMatch(replica -> replica.phase().isLeaving());
  }

  private void retire(Seen replica) {
    steps.add(
        switch (replica.phase()) {
          case Phase.Pending _, Phase.BackOff _ -> new Step.Drop(replica.id());
          case Phase.Starting _ -> new Step.Kill(replica.id());
          case Phase.Ready _, Phase.Draining _, Phase.Stopping _ -> new Step.Drain(replica.id());
        });
  }

  /** One step on the way to ready. */
  private void advance(Seen replica) {
    switch (replica.phase()) {
      case Phase.Pending(boolean retry) -> {
        if (retry) {
          steps.add(new Step.Admit(replica.id()));
        }
      }
      case Phase.Starting(Instant giveUpAt) -> at(giveUpAt, new Step.GiveUp(replica.id()));
      case Phase.BackOff(Instant until) -> at(until, new Step.Restart(replica.id()));
      case Phase.Ready _, Phase.Draining _, Phase.Stopping _ -> {
        // nothing to do for it
      }
    }
  }

  /** One step on the way out. */
  private void hurry(Seen replica) {
    switch (replica.phase()) {
      case Phase.Draining(Instant stopAt) -> at(stopAt, new Step.Stop(replica.id()));
      case Phase.Stopping(Instant killAt, boolean killed) -> {
        if (!killed) {
          at(killAt, new Step.Kill(replica.id()));
        }
      }
      case Phase.Pending _, Phase.Starting _, Phase.Ready _, Phase.BackOff _ -> {
        // not leaving
      }
    }
  }

  private void at(Instant time, Step step) {
    if (time.isAfter(now)) {
      wakes.add(time);
    } else {
      steps.add(step);
    }
  }

  private static boolean isReady(Seen replica) {
    return replica.phase() instanceof Phase.Ready;
  }
}
