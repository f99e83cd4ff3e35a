package dev.barista.autoscaler.kpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The worked examples of Knative's windows, by their number in the specification. */
class SecondBucketsTest {

  @Test
  void example29_silenceAfterThreeValues_shrinksTheDivisor() {
    SecondBuckets load = new SecondBuckets(60);
    load.record(0, 4);
    load.record(1, 6);
    load.record(2, 8);

    assertThat(load.average(2)).isEqualTo(6);
    assertThat(load.average(5)).isEqualTo(6);
    assertThat(load.average(61)).isEqualTo(8);
    assertThat(load.average(62)).isZero();
    assertThat(load.isEmpty(62)).isFalse();
    assertThat(load.isEmpty(63)).isTrue();
  }

  @Test
  void example30_gap_countsAsZero() {
    SecondBuckets load = new SecondBuckets(60);
    load.record(0, 10);
    load.record(4, 10);

    assertThat(load.average(4)).isEqualTo(4);
  }

  @Test
  void example31_lateValue_countsWhileItsSecondIsInTheWindow() {
    SecondBuckets load = new SecondBuckets(6);
    load.record(10, 12);
    load.record(8, 6);
    load.record(4, 9);

    assertThat(load.average(10)).isEqualTo(6);
  }

  @Test
  void example33_weighted_isNotBroughtToAWhole() {
    assertThat(threeTens(60).weightedAverage(2)).isCloseTo(4.88, within(1e-9));
    assertThat(threeTens(6).weightedAverage(2)).isCloseTo(9.9, within(1e-6));
    assertThat(threeTens(60).weightedAverage(3)).isCloseTo(3.904, within(1e-9));
    assertThat(SecondBuckets.smoothing(40)).isCloseTo(0.205672, within(1e-6));
    assertThat(SecondBuckets.smoothing(6)).isCloseTo(0.784557, within(1e-6));
  }

  @Test
  void valuesOfOneSecond_areSummed() {
    SecondBuckets load = new SecondBuckets(6);
    load.record(10, 1.5);
    load.record(10, 2.5);

    assertThat(load.average(10)).isEqualTo(4);
  }

  @Test
  void fullRing_keepsItsWindowOnly() {
    SecondBuckets load = new SecondBuckets(6);
    for (int second = 0; second < 20; second++) {
      load.record(second, second);
    }

    assertThat(load.average(19)).isEqualTo((14 + 15 + 16 + 17 + 18 + 19) / 6.0);
  }

  @Test
  void longSilence_startsAnew() {
    SecondBuckets load = new SecondBuckets(6);
    load.record(0, 100);
    load.record(50, 2);

    assertThat(load.average(50)).isEqualTo(2);
  }

  @Test
  void resized_keepsTheNewestSeconds() {
    SecondBuckets load = new SecondBuckets(6);
    for (int second = 0; second < 6; second++) {
      load.record(second, second);
    }

    load.resize(2);
    assertThat(load.average(5)).isEqualTo(4.5);
    load.resize(10);
    assertThat(load.average(5)).isEqualTo(4.5);
    assertThat(load.windowSeconds()).isEqualTo(10);
  }

  @Test
  void nothingTold_isEmptyAndZero() {
    SecondBuckets load = new SecondBuckets(6);

    assertThat(load.isEmpty(0)).isTrue();
    assertThat(load.average(0)).isZero();
    assertThat(load.weightedAverage(0)).isZero();
  }

  private static SecondBuckets threeTens(int windowSeconds) {
    SecondBuckets load = new SecondBuckets(windowSeconds);
    for (int second = 0; second < 3; second++) {
      load.record(second, 10);
    }
    return load;
  }
}
