package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ReplicaId;
import dev.barista.provider.process.Planner.Plan;
import dev.barista.provider.process.Planner.Seen;
import dev.barista.provider.process.Planner.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlannerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofSeconds(5));
  private static final Phase READY = new Phase.Ready(NOW);
  private static final Phase STARTING = new Phase.Starting(LATER);
  private static final Phase BACK_OFF = new Phase.BackOff(LATER);
  private static final Phase REFUSED = new Phase.Pending(/* retry= */ false);
  private static final Phase NEW = new Phase.Pending(/* retry= */ true);
  private static final Phase DRAINING = new Phase.Draining(LATER);

  @Test
  void missingReplicas_areCreated() {
    assertThat(steps(2, seen("a", 1, READY))).containsExactly(new Step.Create());
  }

  @Test
  void enoughReplicas_needNothing() {
    assertThat(steps(1, seen("a", 1, READY))).isEmpty();
  }

  @Test
  void surplus_leavesNewestFirst() {
    assertThat(steps(1, seen("a", 1, READY), seen("b", 1, READY), seen("c", 1, READY)))
        .containsExactly(drain("b"), drain("c"));
  }

  @Test
  void surplus_leavesThoseThatDontServeFirst() {
    assertThat(steps(1, seen("a", 1, STARTING), seen("b", 1, REFUSED), seen("c", 1, READY)))
        .containsExactly(new Step.Kill(id("a")), new Step.Drop(id("b")));
  }

  @Test
  void zero_drainsAll() {
    assertThat(steps(0, seen("a", 1, READY), seen("b", 1, BACK_OFF)))
        .containsExactlyInAnyOrder(drain("a"), new Step.Drop(id("b")));
  }

  @Test
  void pendingReplica_isTriedOnceForEachChangeOfTheNode() {
    assertThat(steps(1, seen("a", 1, NEW))).containsExactly(new Step.Admit(id("a")));
    assertThat(steps(1, seen("a", 1, REFUSED))).isEmpty();
  }

  @Test
  void backOff_waitsForItsTime() {
    Plan early = plan(1, 1, NOW, seen("a", 1, BACK_OFF));
    Plan due = plan(1, 1, LATER, seen("a", 1, BACK_OFF));

    assertThat(early).isEqualTo(new Plan(List.of(), Optional.of(LATER)));
    assertThat(due.steps()).containsExactly(new Step.Restart(id("a")));
  }

  @Test
  void startThatTakesTooLong_isGivenUp() {
    assertThat(plan(1, 1, LATER, seen("a", 1, STARTING)).steps())
        .containsExactly(new Step.GiveUp(id("a")));
  }

  @Test
  void drainThatTakesTooLong_isStoppedThenKilled() {
    Phase stopping = new Phase.Stopping(LATER, /* killed= */ false);

    assertThat(plan(0, 1, LATER, seen("a", 1, DRAINING)).steps())
        .containsExactly(new Step.Stop(id("a")));
    assertThat(plan(0, 1, LATER, seen("a", 1, stopping)).steps())
        .containsExactly(new Step.Kill(id("a")));
    assertThat(plan(0, 1, LATER, seen("a", 1, new Phase.Stopping(LATER, /* killed= */ true))))
        .isEqualTo(new Plan(List.of(), Optional.empty()));
  }

  @Test
  void leavingReplica_doesNotCountAsThere() {
    assertThat(steps(1, seen("a", 1, DRAINING))).containsExactly(new Step.Create());
  }

  // Updates

  @Test
  void update_startsAllNewOnesAndKeepsTheOld() {
    assertThat(update(3, seen("a", 1, READY), seen("b", 1, READY), seen("c", 1, READY)))
        .containsExactly(new Step.Create(), new Step.Create(), new Step.Create());
  }

  @Test
  void eachNewReadyOne_letsOneOldDrain() {
    assertThat(
            update(
                3,
                seen("a", 1, READY),
                seen("b", 1, READY),
                seen("c", 1, READY),
                seen("x", 2, READY),
                seen("y", 2, STARTING),
                seen("z", 2, STARTING)))
        .containsExactly(drain("c"));
  }

  @Test
  void lastNewReadyOne_letsTheLastOldDrain() {
    assertThat(update(1, seen("a", 1, READY), seen("x", 2, READY))).containsExactly(drain("a"));
  }

  @Test
  void failedNewOne_leavesTheOldServing() {
    assertThat(update(1, seen("a", 1, READY), seen("x", 2, BACK_OFF))).isEmpty();
  }

  @Test
  void oldOneThatNeverServed_isDroppedAtOnce() {
    assertThat(update(1, new Seen(id("a"), 1, /* served= */ false, BACK_OFF), seen("x", 2, NEW)))
        .containsExactly(new Step.Drop(id("a")), new Step.Admit(id("x")));
  }

  @Test
  void oldOneThatCrashed_comesBackWhileTheNewFails() {
    Plan plan =
        plan(
            1,
            2,
            NOW,
            seen("a", 1, new Phase.BackOff(NOW)),
            new Seen(id("x"), 2, /* served= */ false, BACK_OFF));

    assertThat(plan.steps()).containsExactly(new Step.Restart(id("a")));
  }

  @Test
  void updateToZero_drainsTheOld() {
    assertThat(update(0, seen("a", 1, READY))).containsExactly(drain("a"));
  }

  // Updates that don't fit on the node

  @Test
  void newOneWithoutRoom_getsItFromOneOldOne() {
    assertThat(update(2, seen("a", 1, READY), seen("b", 1, READY), pending("x"), pending("y")))
        .containsExactly(drain("b"));
  }

  @Test
  void roomThatIsBeingMade_isWaitedFor() {
    assertThat(update(2, seen("a", 1, READY), seen("b", 1, DRAINING), pending("x"), pending("y")))
        .isEmpty();
  }

  @Test
  void lastServingOne_makesNoRoom() {
    assertThat(update(1, seen("a", 1, READY), pending("x"))).isEmpty();
  }

  @Test
  void failedNewOne_getsNoMoreRoom() {
    assertThat(
            update(
                3,
                seen("a", 1, READY),
                seen("b", 1, READY),
                new Seen(id("x"), 2, /* served= */ false, BACK_OFF),
                pending("y"),
                pending("z")))
        .isEmpty();
  }

  // Who leaves first

  @Test
  void scaleDown_letsTheLeastBusyLeave_ofEqualOnesTheNewest() {
    assertThat(steps(2, busy("a", 0), busy("b", 3), busy("c", 1))).containsExactly(drain("a"));
    assertThat(steps(1, busy("a", 1), busy("b", 0), busy("c", 1)))
        .containsExactly(drain("c"), drain("b"));
    assertThat(steps(1, busy("a", 0), busy("b", 0))).containsExactly(drain("b"));
  }

  private static Seen busy(String name, int calls) {
    return new Seen(id(name), 1, /* served= */ true, READY, calls);
  }

  // Functions of which only one replica can run

  @Test
  void exclusiveFunction_hasOneReplicaAtMost() {
    assertThat(exclusive(3, 1, seen("a", 1, READY))).isEmpty();
    assertThat(exclusive(0, 1, seen("a", 1, READY))).containsExactly(drain("a"));
  }

  @Test
  void exclusiveUpdate_letsTheOldLeaveFirst() {
    assertThat(exclusive(1, 2, seen("a", 1, READY), pending("x"))).containsExactly(drain("a"));
    assertThat(exclusive(1, 2, seen("a", 1, DRAINING), seen("x", 2, NEW))).isEmpty();
    assertThat(exclusive(1, 2, seen("x", 2, NEW))).containsExactly(new Step.Admit(id("x")));
  }

  private static List<Step> exclusive(int wanted, int version, Seen... replicas) {
    return Planner.plan(
            new Planner.Wanted(wanted, version, /* exclusive= */ true), List.of(replicas), NOW)
        .steps();
  }

  private static Plan plan(int wanted, int version, Instant now, Seen... replicas) {
    return Planner.plan(
        new Planner.Wanted(wanted, version, /* exclusive= */ false), List.of(replicas), now);
  }

  private static List<Step> steps(int wanted, Seen... replicas) {
    return plan(wanted, 1, NOW, replicas).steps();
  }

  private static List<Step> update(int wanted, Seen... replicas) {
    return plan(wanted, 2, NOW, replicas).steps();
  }

  private static Seen seen(String name, int version, Phase phase) {
    return new Seen(id(name), version, /* served= */ true, phase);
  }

  private static Seen pending(String name) {
    return new Seen(id(name), 2, /* served= */ false, REFUSED);
  }

  private static Step drain(String name) {
    return new Step.Drain(id(name));
  }

  private static ReplicaId id(String name) {
    return new ReplicaId(name);
  }
}
