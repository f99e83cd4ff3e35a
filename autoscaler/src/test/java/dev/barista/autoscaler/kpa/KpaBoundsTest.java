package dev.barista.autoscaler.kpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The worked examples of Knative's bounds, by their number in the specification. */
class KpaBoundsTest {

  @Test
  void example21_minAndMax_bound() {
    assertThat(new KpaBounds(5, 8, 1).clamp(3, true, true)).isEqualTo(5);
    assertThat(new KpaBounds(5, 8, 1).clamp(12, true, true)).isEqualTo(8);
    assertThat(new KpaBounds(5, 0, 1).clamp(12, true, true)).isEqualTo(12);
  }

  @Test
  void example22_initialScale_bindsUntilItWasReached() {
    KpaBounds bounds = new KpaBounds(2, 0, 4);

    assertThat(bounds.clamp(1, false, true)).isEqualTo(4);
    assertThat(bounds.clamp(1, true, true)).isEqualTo(2);
    assertThat(bounds.clamp(1, false, false)).isEqualTo(1);
  }

  @Test
  void example23_initialAboveMax_lowBoundWins() {
    KpaBounds bounds = new KpaBounds(0, 3, 5);

    assertThat(bounds.clamp(1, false, true)).isEqualTo(5);
    assertThat(bounds.clamp(10, false, true)).isEqualTo(3);
  }

  @Test
  void example34_activators_carryReplicasAndBurst() {
    assertThat(KpaBounds.activators(12, 100, 211, 100)).isEqualTo(15);
    assertThat(KpaBounds.activators(12, 100, -1, 100)).isEqualTo(12);
    assertThat(KpaBounds.activators(12, 100, 0, 100)).isEqualTo(2);
    assertThat(KpaBounds.activators(0, 100, 211, 100)).isEqualTo(3);
  }

  @Test
  void minReady_isTheInitialScaleUntilReached() {
    assertThat(new KpaBounds(2, 0, 4).minReady(false)).isEqualTo(4);
    assertThat(new KpaBounds(2, 0, 4).minReady(true)).isEqualTo(2);
    assertThat(new KpaBounds(0, 0, 1).minReady(true)).isEqualTo(1);
  }

  @Test
  void maxBelowMin_isRefused() {
    assertThatThrownBy(() -> new KpaBounds(5, 3, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
