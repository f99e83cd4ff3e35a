package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.ReplicaId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Calls that wait in a pool: for a scale-up, or for their turn. */
class FunctionPoolLineTest extends FunctionPoolFixture {

  @Test
  void heldCalls_startOneScaleUpAndAreServedTogether() {
    desired(0, 0);
    Waiting first = new Waiting();
    Waiting second = new Waiting();

    assertThat(hold(first)).isEqualTo(new Place.InLine(/* atLimit= */ false));
    assertThat(hold(second)).isEqualTo(new Place.InLine(/* atLimit= */ false));
    assertThat(hold(new Waiting())).isEqualTo(new Place.Full(2, "max-held-calls"));
    assertThat(scaleUps).hasSize(1);
    desired(1, 0);
    scaleUps.getFirst().accept(Optional.empty());
    ready("a");

    assertThat(pool.waiting()).isZero();
    assertThat(pool.onReplicas()).isEqualTo(2);
    assertThat(scaleUps).hasSize(1);
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void coldStart_isMeasuredInItsPhasesOnce() {
    desired(0, 0);
    Waiting first = new Waiting();
    hold(first);
    assertThat(coldStarts()).isEqualTo("spawn 0, ready 0, first_byte 0");
    pool.firstByte();
    scaleUps.getFirst().accept(Optional.empty());
    assertThat(coldStarts()).isEqualTo("spawn 1, ready 0, first_byte 0");
    desired(1, 0);
    ready("a");
    ready("b");
    assertThat(coldStarts()).isEqualTo("spawn 1, ready 1, first_byte 0");

    pool.firstByte();
    pool.firstByte();

    assertThat(coldStarts()).isEqualTo("spawn 1, ready 1, first_byte 1");
    first.end();
  }

  private String coldStarts() {
    return Stream.of("spawn", "ready", "first_byte")
        .map(phase -> phase + " " + coldStarts(phase))
        .collect(Collectors.joining(", "));
  }

  private String coldStarts(String phase) {
    String line = "barista_cold_start_seconds_count{phase=\"" + phase + "\"} ";
    return metrics
        .exposition()
        .lines()
        .filter(text -> text.startsWith(line))
        .map(text -> text.substring(line.length()))
        .findFirst()
        .orElse("none");
  }

  @Test
  void failedScaleUp_isToldAndTriedAgainByTheNextCall() {
    desired(0, 0);
    Waiting first = new Waiting();
    hold(first);
    FaasException reason = new FaasException(ErrorCode.INTERNAL, "provider", "no");

    scaleUps.getFirst().accept(Optional.of(reason));
    hold(new Waiting());

    assertThat(first.reasons).containsExactly(reason);
    assertThat(scaleUps).hasSize(2);
  }

  @Test
  void scaledToZeroWhileCallsWait_isScaledUpAgain() {
    hold(new Waiting());
    assertThat(scaleUps).isEmpty();

    desired(0, 0);

    assertThat(scaleUps).hasSize(1);
  }

  @Test
  void scaledToZeroBeforeTheScaleUpIsAnswered_isScaledUpAgain() {
    desired(0, 0);
    hold(new Waiting());
    desired(1, 0);
    desired(0, 0);
    assertThat(scaleUps).hasSize(1);

    scaleUps.getFirst().accept(Optional.empty());

    assertThat(scaleUps).hasSize(2);
    desired(1, 0);
    scaleUps.getLast().accept(Optional.empty());
    assertThat(scaleUps).hasSize(2);
  }

  @Test
  void scaleUpThatIsAnsweredBeforeItIsTold_isNotAskedAgain() {
    desired(0, 0);
    hold(new Waiting());

    scaleUps.getFirst().accept(Optional.empty());
    desired(1, 0);

    assertThat(scaleUps).hasSize(1);
  }

  @Test
  void freePlace_goesToTheFirstInLine_notToWhoComesThen() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    assertThat(hold(first)).isEqualTo(new Place.InLine(/* atLimit= */ true));
    hold(second);

    only.close();

    assertThat(first.leases).hasSize(1);
    assertThat(second.leases).isEmpty();
    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(1));
    assertThat(pool.leave(first)).isFalse();
    first.end();
    assertThat(second.leases).hasSize(1);
    second.end();
    assertThat(pool.onReplicas()).isZero();
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void callThatLeaves_givesItsPlaceInTheLineBack() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    Waiting third = new Waiting();
    hold(first);
    hold(second);
    assertThat(hold(third)).isEqualTo(new Place.Full(2, "max-held-calls"));

    assertThat(pool.leave(first)).isTrue();
    assertThat(hold(third)).isInstanceOf(Place.InLine.class);
    only.close();

    assertThat(first.leases).isEmpty();
    second.end();
    third.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void lineWithReadyReplicas_isAsLongAsTheFunctionSays() {
    annotated(1, Map.of(CallRules.LIMIT, "1", CallRules.QUEUE_SIZE, "1"));
    Waiting starting = new Waiting();
    hold(starting);
    hold(new Waiting());
    ready("a");
    assertThat(starting.leases).hasSize(1);

    assertThat(hold(new Waiting())).isEqualTo(new Place.Full(1, CallRules.QUEUE_SIZE));
  }

  @Test
  void lineWithoutPlaces_isRefusedButKeepsThoseThatWaitForAStart() {
    annotated(1, Map.of(CallRules.LIMIT, "1", CallRules.QUEUE_SIZE, "0"));
    assertThat(pool.rules().refusesAtLimit()).isTrue();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    hold(first);
    hold(second);
    ready("a");

    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(1));
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void callThatAReplicaRefused_goesToTheFrontAndHasAPlace() {
    desired(2, 1);
    ready("a");
    ready("b");
    Lease refused = lease();
    Lease other = lease();
    Waiting first = new Waiting();
    hold(first);
    hold(new Waiting());
    Waiting again = new Waiting(refused.slot());

    assertThat(pool.hold(again, /* again= */ true)).isInstanceOf(Place.InLine.class);
    other.close();

    assertThat(again.leases).singleElement().extracting(Lease::slot).isEqualTo(other.slot());
    refused.close();
    assertThat(first.leases).singleElement().extracting(Lease::slot).isEqualTo(refused.slot());
  }

  @Test
  void raisedLimit_servesTheLine() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    hold(first);

    desired(1, 2);

    assertThat(first.leases).hasSize(1);
    first.end();
    only.close();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void freshReplica_getsItsShareAndNoMoreThanItsLimit() {
    desired(2, 3);
    ready("a");
    List<Lease> onFirst = List.of(lease(), lease(), lease());
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    hold(first);
    hold(second);

    ready("b");

    assertThat(pool.callsOn(new ReplicaId("b"))).isEqualTo(2);
    assertThat(pool.callsOn(new ReplicaId("a"))).isEqualTo(3);
    Lease third = lease();
    assertThat(third.slot().id()).isEqualTo(new ReplicaId("b"));
    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(3));
    onFirst.forEach(Lease::close);
    third.close();
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void waitersOfSeveralFreePlaces_spreadOverTheReplicas() {
    desired(2, 0);
    ready("a");
    ready("b");
    List<Lease> busy = List.of(lease(), lease());
    desired(2, 1);
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    hold(first);
    hold(second);

    desired(2, 2);

    assertThat(first.leases.getFirst().slot()).isNotEqualTo(second.leases.getFirst().slot());
    busy.forEach(Lease::close);
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }
}
