package dev.barista.autoscaler.kpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of Knative's rule, by their number in the specification. */
class KpaScalerTest {

  private static final Instant START = Instant.ofEpochSecond(1_000_000);
  private static final KpaPolicy SHARED = KpaPolicy.of(100, 0.7);
  private static final KpaPolicy TARGET_TEN = KpaPolicy.of(10, 1);

  @Test
  void example1_halfOfATarget_wantsOneAndTheActivator() {
    assertThat(decide(SHARED, LoadSignals.of(1, 35, 35)))
        .returns(1, KpaDecision::desired)
        .returns(-146, KpaDecision::excessBurst);
  }

  @Test
  void example2_belowThePanicThreshold_scalesWithoutPanic() {
    assertThat(decide(SHARED, LoadSignals.of(3, 350, 350)))
        .returns(5, KpaDecision::desired)
        .returns(-261, KpaDecision::excessBurst)
        .returns(false, KpaDecision::panicking);
  }

  @Test
  void example3_manyReplicasAndLittleLoad_leaveRoomForABurst() {
    assertThat(decide(SHARED, LoadSignals.of(10, 420, 420)))
        .returns(6, KpaDecision::desired)
        .returns(369, KpaDecision::excessBurst);
  }

  @Test
  void example4_aMillionthAboveSevenReplicas_wantsEight() {
    assertThat(decide(SHARED, LoadSignals.of(7, 490, 490)).desired()).isEqualTo(7);
    assertThat(decide(SHARED, LoadSignals.of(7, 490.000001, 490)).desired()).isEqualTo(8);
  }

  @Test
  void example5_targetIsABitBelowTwoPointOne_asInDoubles() {
    KpaPolicy three = KpaPolicy.of(3, 0.7);

    assertThat(three.target()).isEqualTo(2.0999999999999996);
    assertThat(decide(three, LoadSignals.of(1, 2.1, 2.1)))
        .returns(2, KpaDecision::desired)
        .returns(true, KpaDecision::panicking)
        .returns(-211, KpaDecision::excessBurst);
  }

  @Test
  void example6_requestsPerSecond_countTheBurstInTheirOwnUnit() {
    assertThat(decide(KpaPolicy.of(200, 0.7), LoadSignals.of(4, 1000, 900)))
        .returns(8, KpaDecision::desired)
        .returns(false, KpaDecision::panicking)
        .returns(-311, KpaDecision::excessBurst);
  }

  @Test
  void example7_scaleUpRate_boundsEachStep() {
    KpaScaler scaler = scaler(KpaPolicy.of(10, 0.7).withRates(3, 2), 2);

    assertThat(scaler.decide(LoadSignals.of(2, 100, 100), START))
        .returns(6, KpaDecision::desired)
        .returns(-291, KpaDecision::excessBurst)
        .returns(true, KpaDecision::panicking);
    assertThat(scaler.decide(LoadSignals.of(6, 100, 100), START.plusSeconds(2)).desired())
        .isEqualTo(15);
  }

  @Test
  void example8_smallestRate_stillAddsOne() {
    KpaPolicy slow = KpaPolicy.of(10, 1).withRates(1.2, 2);

    assertThat(decide(slow, LoadSignals.of(1, 50, 50)).desired()).isEqualTo(2);
  }

  @Test
  void example9_scaleDownRate_halvesTheReadyOnes() {
    assertThat(steps(SHARED, LoadSignals.of(9, 7, 7), 4, 2)).containsExactly(4, 2, 1);
  }

  @Test
  void example10_withoutLoad_halvesDownToZero() {
    assertThat(steps(SHARED, LoadSignals.of(9, 0, 0), 4, 2, 1)).containsExactly(4, 2, 1, 0);
  }

  @Test
  void example11_unreachable_goesInOneStep() {
    assertThat(decide(SHARED, new LoadSignals(9, 7, 7, false)).desired()).isEqualTo(1);
    assertThat(decide(SHARED, new LoadSignals(9, 0, 0, false)).desired()).isZero();
  }

  @Test
  void example12to16_panic_growsOnlyAndEndsAWindowAfterItsLastCause() {
    KpaScaler scaler = scaler(TARGET_TEN, 1);

    assertThat(scaler.decide(LoadSignals.of(4, 30, 79), START))
        .returns(8, KpaDecision::desired)
        .returns(true, KpaDecision::panicking);
    assertThat(scaler.decide(LoadSignals.of(8, 40, 20), START.plusSeconds(20)).desired())
        .isEqualTo(8);
    assertThat(scaler.decide(LoadSignals.of(8, 40, 20), START.plusSeconds(60)))
        .returns(8, KpaDecision::desired)
        .returns(true, KpaDecision::held);
    assertThat(scaler.decide(LoadSignals.of(8, 40, 20), START.plusSeconds(62)))
        .returns(4, KpaDecision::desired)
        .returns(false, KpaDecision::panicking);
  }

  @Test
  void example13_justBelowTheThreshold_isNoPanic() {
    assertThat(decide(TARGET_TEN, LoadSignals.of(4, 30, 70)))
        .returns(3, KpaDecision::desired)
        .returns(false, KpaDecision::panicking);
  }

  @Test
  void example16_panicAgain_extendsItsEnd() {
    KpaScaler scaler = scaler(TARGET_TEN, 1);
    scaler.decide(LoadSignals.of(4, 30, 79), START);

    assertThat(scaler.decide(LoadSignals.of(8, 60, 170), START.plusSeconds(40)).desired())
        .isEqualTo(17);
    assertThat(scaler.decide(LoadSignals.of(17, 60, 60), START.plusSeconds(100)).desired())
        .isEqualTo(17);
    assertThat(scaler.decide(LoadSignals.of(17, 60, 60), START.plusSeconds(101)).panicking())
        .isFalse();
  }

  @Test
  void example17_restartWithFiveReplicas_keepsThemForAWindow() {
    KpaScaler scaler = new KpaScaler(SHARED, 5, START);

    assertThat(scaler.decide(LoadSignals.of(5, 12, 12), START.plusSeconds(60)).desired())
        .isEqualTo(5);
    assertThat(scaler.decide(LoadSignals.of(5, 12, 12), START.plusSeconds(62)).desired())
        .isEqualTo(2);
    assertThat(scaler.decide(LoadSignals.of(2, 12, 12), START.plusSeconds(64)).desired())
        .isEqualTo(1);
  }

  @Test
  void example18_firstCallAtTargetOne_wantsTwoInPanic() {
    assertThat(decide(KpaPolicy.of(1, 0.7), LoadSignals.of(0, 1, 1)))
        .returns(2, KpaDecision::desired)
        .returns(true, KpaDecision::panicking)
        .returns(-212, KpaDecision::excessBurst);
  }

  @Test
  void example19_atFullUtilization_wantsOne() {
    assertThat(decide(KpaPolicy.of(1, 1), LoadSignals.of(0, 1, 1)))
        .returns(1, KpaDecision::desired)
        .returns(false, KpaDecision::panicking);
  }

  @Test
  void example20_demoWithElevenClients_reachesItsTen() {
    KpaPolicy one = KpaPolicy.of(1, 0.7);
    SecondBuckets load = new SecondBuckets(60);
    load.record(100, 1);
    load.record(101, 10);
    load.record(102, 11);
    double average = load.average(102);
    KpaBounds bounds = new KpaBounds(0, 10, 1);

    KpaDecision first = decide(one, LoadSignals.of(2, average, average));
    KpaDecision steady = decide(one, LoadSignals.of(10, 11, 11));

    assertThat(average).isEqualTo(7.333333);
    assertThat(first).returns(11, KpaDecision::desired).returns(true, KpaDecision::panicking);
    assertThat(bounds.clamp(first.desired(), true, true)).isEqualTo(10);
    assertThat(steady).returns(16, KpaDecision::desired).returns(-212, KpaDecision::excessBurst);
  }

  @Test
  void example24_activationScale_liftsTheFirstStepOnly() {
    KpaPolicy four = SHARED.withActivationScale(4);

    assertThat(decide(four, LoadSignals.of(0, 1, 1)).desired()).isEqualTo(4);
    assertThat(decide(four, LoadSignals.of(0, 0, 0)).desired()).isZero();
  }

  @Test
  void example25_scaleDownDelay_keepsTheHighestOfItsSlots() {
    KpaScaler scaler = scaler(TARGET_TEN.withScaleDownDelay(30), 1);
    Instant hundred = Instant.ofEpochSecond(100);
    assertThat(scaler.decide(LoadSignals.of(4, 60, 60), hundred).desired()).isEqualTo(6);

    for (int second = 2; second <= 28; second += 2) {
      assertThat(scaler.decide(LoadSignals.of(4, 20, 20), hundred.plusSeconds(second)))
          .as("second %d", second)
          .returns(6, KpaDecision::desired)
          .returns(true, KpaDecision::held);
    }
    assertThat(scaler.decide(LoadSignals.of(4, 20, 20), hundred.plusSeconds(30)).desired())
        .isEqualTo(2);
  }

  @Test
  void example25_unreachable_passesTheDelayBy() {
    KpaScaler scaler = scaler(TARGET_TEN.withScaleDownDelay(30), 1);
    scaler.decide(LoadSignals.of(4, 60, 60), START);

    assertThat(scaler.decide(new LoadSignals(4, 20, 20, false), START.plusSeconds(2)).desired())
        .isEqualTo(2);
  }

  @Test
  void example26_specialBurstCapacities_areTheirOwnExcess() {
    LoadSignals load = LoadSignals.of(2, 500, 500);

    assertThat(decide(SHARED.withBurstCapacity(0), load).excessBurst()).isZero();
    assertThat(decide(SHARED.withBurstCapacity(-1), load).excessBurst()).isEqualTo(-1);
  }

  @Test
  void example27_excessBurst_isRoundedDown() {
    KpaPolicy policy = KpaPolicy.of(10, 0.7).withBurstCapacity(12.5);

    assertThat(decide(policy, LoadSignals.of(3, 17.2, 17.2)).excessBurst()).isZero();
    assertThat(decide(policy, LoadSignals.of(3, 17.6, 17.6)).excessBurst()).isEqualTo(-1);
  }

  @Test
  void example28_beforeTheFirstDecision_excessIsCutTowardsZero() {
    assertThat(KpaScaler.initialExcessBurst(KpaPolicy.of(50, 0.7), 3)).isEqualTo(-61);
    KpaPolicy odd = KpaPolicy.of(40, 0.7).withBurstCapacity(120.5);
    assertThat(KpaScaler.initialExcessBurst(odd, 3)).isZero();
  }

  @Test
  void example32_panicWindow_isAShareInWholeSeconds() {
    assertThat(KpaPolicy.panicWindowSeconds(60, 10)).isEqualTo(6);
    assertThat(KpaPolicy.panicWindowSeconds(25, 10)).isEqualTo(3);
    assertThat(KpaPolicy.panicWindowSeconds(14, 10)).isEqualTo(1);
    assertThat(KpaPolicy.panicWindowSeconds(6, 10)).isEqualTo(1);
  }

  @Test
  void policyOutOfRange_saysWhatIsExpected() {
    assertThatThrownBy(() -> SHARED.withRates(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxScaleUpRate: 1.0 (expected: > 1)");
  }

  private static KpaScaler scaler(KpaPolicy policy, int ready) {
    return new KpaScaler(policy, ready, START);
  }

  /** Of a new scaler that saw one replica at most, so that it doesn't start in panic. */
  private static KpaDecision decide(KpaPolicy policy, LoadSignals load) {
    return scaler(policy, 1).decide(load, START);
  }

  /** Desired counts while the ready ones follow. */
  private static List<Integer> steps(KpaPolicy policy, LoadSignals first, int... laterReady) {
    KpaScaler scaler = scaler(policy, 1);
    List<Integer> desired = new ArrayList<>();
    desired.add(scaler.decide(first, START).desired());
    for (int ready : laterReady) {
      LoadSignals next = LoadSignals.of(ready, first.stable(), first.panic());
      desired.add(scaler.decide(next, START).desired());
    }
    return desired;
  }
}
