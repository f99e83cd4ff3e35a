package dev.barista.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RateBudgetTest {

  private static final long MILLI = 1_000_000;

  @Test
  void overdraft_isPaidBackAtTheRate() {
    var budget = new RateBudget(1000, 0);

    budget.take(1500, 0);

    assertThat(budget.nanosUntilPositive(0)).isBetween(500 * MILLI, 501 * MILLI);
    assertThat(budget.nanosUntilPositive(499 * MILLI)).isPositive();
    assertThat(budget.nanosUntilPositive(501 * MILLI)).isZero();
  }

  @Test
  void silence_earnsNoMoreThanOneSecond() {
    var budget = new RateBudget(1000, 0);

    assertThat(budget.nanosUntilPositive(3_600_000 * MILLI)).isZero();
    budget.take(1000, 3_600_000 * MILLI);

    assertThat(budget.nanosUntilPositive(3_600_000 * MILLI)).isPositive();
  }

  @Test
  void rateOfZero_isRefused() {
    assertThatThrownBy(() -> new RateBudget(0, 0)).hasMessageContaining("bytesPerSecond: 0");
  }
}
