package dev.barista.autoscaler.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of OpenFaaS's table of steps, rounded up. */
class AlertStepsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 20, 20, 1, 5",
    "1, 20, 20, 5, 9",
    "1, 20, 20, 17, 20",
    "1, 20, 20, 20, 20",
    "1, 10, 20, 1, 3",
    "1, 5, 10, 1, 2",
    "1, 4, 1, 2, 3",
    "1, 5, 25, 4, 5",
    "1, 20, 100, 1, 20",
    "1, 5, 20, 19, 5",
    "1, 20, 20, 0, 4"
  })
  void firing_addsAShareOfTheMaximum(int min, int max, int factor, int current, int next) {
    assertThat(new AlertSteps(min, max, factor).firing(current)).isEqualTo(next);
  }

  @Test
  void resolved_goesToTheMinimum() {
    assertThat(new AlertSteps(2, 5, 20).resolved(8)).isEqualTo(2);
  }

  @Test
  void factorZeroOrEqualBounds_doNothing() {
    assertThat(new AlertSteps(1, 20, 0)).returns(7, steps -> steps.firing(7));
    assertThat(new AlertSteps(1, 20, 0)).returns(7, steps -> steps.resolved(7));
    assertThat(new AlertSteps(3, 3, 20)).returns(7, steps -> steps.firing(7));
  }

  @Test
  void outOfRange_isRefused() {
    assertThatThrownBy(() -> new AlertSteps(1, 20, 101))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("factor 0 to 100");
  }
}
