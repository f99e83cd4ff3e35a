package dev.barista.autoscaler.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of OpenFaaS's documentation. */
class TargetPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "15, 5, 1.0, 3",
    "25, 5, 1.0, 5",
    "90, 100, 0.7, 2",
    "0, 50, 0.9, 1",
    "1e9, 1, 1, 20"
  })
  void load_wantsReplicasWithinTheBounds(double load, double target, double share, int replicas) {
    assertThat(policy(target, share).replicas(load)).isEqualTo(replicas);
  }

  @Test
  void metric_isReadFromItsLabel() {
    assertThat(LoadMetric.of("capacity")).contains(LoadMetric.CAPACITY);
    assertThat(LoadMetric.of("Capacity")).isEmpty();
  }

  @Test
  void targetZero_isRefused() {
    assertThatThrownBy(() -> policy(0, 0.9)).isInstanceOf(IllegalArgumentException.class);
  }

  private static TargetPolicy policy(double target, double proportion) {
    return new TargetPolicy(LoadMetric.RPS, target, proportion, 1, 20, Duration.ZERO);
  }
}
