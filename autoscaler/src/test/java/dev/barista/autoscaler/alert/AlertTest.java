package dev.barista.autoscaler.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlertTest {

  private static final Instant START = Instant.ofEpochSecond(1_000_000);

  private final Alert alert = new Alert();

  @Test
  void loadThatLasts_isPendingThenFires() {
    assertThat(at(0, 6)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(alert.state()).isEqualTo(new AlertState.Pending(START));
    assertThat(at(4, 6)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(at(5, 6)).isEqualTo(AlertOutcome.STEP_UP);
    assertThat(alert.state()).isInstanceOf(AlertState.Firing.class);
  }

  @Test
  void loadAtTheThreshold_isNotAbove() {
    assertThat(at(0, 5)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(alert.state()).isEqualTo(new AlertState.Inactive());
  }

  @Test
  void loadThatEndsWhilePending_isForgotten() {
    at(0, 6);

    assertThat(at(3, 1)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(at(4, 6)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(alert.state()).isEqualTo(new AlertState.Pending(START.plusSeconds(4)));
  }

  @Test
  void firing_stepsAgainAfterEachRepeat() {
    at(0, 6);
    at(5, 6);

    assertThat(at(34, 6)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(at(35, 6)).isEqualTo(AlertOutcome.STEP_UP);
    assertThat(at(36, 6)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(at(65, 6)).isEqualTo(AlertOutcome.STEP_UP);
  }

  @Test
  void resolved_isSaidOnce() {
    at(0, 6);
    at(5, 6);

    assertThat(at(20, 0)).isEqualTo(AlertOutcome.RESOLVE);
    assertThat(at(21, 0)).isEqualTo(AlertOutcome.NOTHING);
    assertThat(alert.state()).isEqualTo(new AlertState.Inactive());
  }

  @Test
  void withoutHold_firesAtOnce() {
    AlertRule rule =
        new AlertRule(1, Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(30));

    assertThat(alert.evaluate(2, rule, START)).isEqualTo(AlertOutcome.STEP_UP);
  }

  private AlertOutcome at(int second, double rate) {
    return alert.evaluate(rate, AlertRule.DEFAULT, START.plusSeconds(second));
  }
}
