package dev.barista.autoscaler.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CounterRateTest {

  private final CounterRate rate = new CounterRate(10);

  @Test
  void steadyLoad_isItsRateOnceTheWindowIsFull() {
    for (int second = 0; second <= 30; second++) {
      rate.read(second, second * 6L);
    }

    assertThat(rate.perSecond()).isEqualTo(6);
  }

  @Test
  void beforeTheWindowIsFull_theIncreaseCountsOverAllOfIt() {
    rate.read(0, 100);
    rate.read(1, 120);

    assertThat(rate.perSecond()).isEqualTo(2);
  }

  @Test
  void missedSeconds_countWithTheNextReading() {
    rate.read(0, 0);
    rate.read(8, 40);

    assertThat(rate.perSecond()).isEqualTo(4);
  }

  @Test
  void longSilence_startsAnew() {
    rate.read(0, 0);
    rate.read(60, 1000);

    assertThat(rate.perSecond()).isZero();
  }

  @Test
  void counterThatStartedAnew_isNoNegativeRate() {
    rate.read(0, 1000);
    rate.read(1, 10);
    rate.read(2, 30);

    assertThat(rate.perSecond()).isEqualTo(2);
  }

  @Test
  void sameSecondTwice_keepsTheFirst() {
    rate.read(0, 0);
    rate.read(1, 10);
    rate.read(1, 20);

    assertThat(rate.perSecond()).isEqualTo(1);
  }

  @Test
  void nothingRead_isZero() {
    assertThat(rate.perSecond()).isZero();
  }
}
