package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.api.ReplicaId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Back-off, admission and durations: rules without an operating system. */
class SmallPartsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ReplicaId A = new ReplicaId("a");
  private static final ReplicaId B = new ReplicaId("b");

  @Test
  void backOff_doublesUpToHalfAMinute() {
    BackOff backOff = BackOff.NONE;
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      backOff = backOff.after(START, START.plusMillis(10));
      delays.add(backOff.delay().toMillis());
    }

    assertThat(delays)
        .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
  }

  @Test
  void backOffAfterAGoodRun_beginsAnew() {
    BackOff tired = new BackOff(7);

    assertThat(tired.after(START, START.plusSeconds(60))).isEqualTo(new BackOff(1));
    assertThat(tired.after(START, START.plusSeconds(59))).isEqualTo(new BackOff(8));
  }

  @Test
  void admission_keepsWithinTheNode() {
    Admission admission = new Admission(new NodeCapacity(1_000, 100 << 20), () -> {});

    assertThat(admission.admit(A, new Admission.Request(600, 10 << 20)))
        .isEqualTo(new Admission.Answer.Admitted());
    assertThat(admission.admit(B, new Admission.Request(500, 0)))
        .isEqualTo(
            new Admission.Answer.Insufficient(
                "Insufficient cpu: 500m requested, 600m of 1000m taken on this node"));
    assertThat(admission.admit(B, new Admission.Request(0, 95 << 20)))
        .isEqualTo(
            new Admission.Answer.Insufficient(
                "Insufficient memory: 95Mi requested, 10Mi of 100Mi taken on this node"));
  }

  @Test
  void release_makesRoomAndTellsOnce() {
    List<String> told = new ArrayList<>();
    Admission admission = new Admission(new NodeCapacity(1_000, 1 << 20), () -> told.add("room"));
    Admission.Request all = new Admission.Request(1_000, 1 << 20);
    admission.admit(A, all);

    admission.release(A);
    admission.release(A);

    assertThat(told).hasSize(1);
    assertThat(admission.releases()).isEqualTo(1);
    assertThat(admission.admit(B, all)).isEqualTo(new Admission.Answer.Admitted());
    admission.release(B);
    assertThat(admission.taken()).isEqualTo(new Admission.Request(0, 0));
  }

  @Test
  void nodeCapacity_leavesAReserve() {
    assertThat(NodeCapacity.of(2, 10L << 30)).isEqualTo(new NodeCapacity(2_000, 9L << 30));
    assertThat(NodeCapacity.of(1, 2L << 30).memoryBytes()).isEqualTo((2L << 30) - (512 << 20));
    assertThat(NodeCapacity.of(1, 512L << 20).memoryBytes()).isEqualTo(256L << 20);
    assertThat(NodeCapacity.ofHost().cpuMillis()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"10,10000", "0,0", "1m30s,90000", "500ms,500", "1.5s,1500", "2h,7200000"})
  void duration_isReadAsOpenFaasDoes(String text, long millis) {
    assertThat(WatchdogSettings.duration("exec_timeout", text))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "1x", "-1s", "1 s", "1s2", "ten"})
  void textThatIsNoDuration_isRefused(String text) {
    assertThatThrownBy(() -> WatchdogSettings.duration("exec_timeout", text))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("exec_timeout");
  }
}
