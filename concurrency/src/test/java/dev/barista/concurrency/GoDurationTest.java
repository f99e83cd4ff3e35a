package dev.barista.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoDurationTest {

  @Test
  void secondsAndGoDurations_areRead() {
    Map.of(
            "0", Duration.ZERO,
            "30", Duration.ofSeconds(30),
            "500ms", Duration.ofMillis(500),
            "1m30s", Duration.ofSeconds(90),
            "1.5h", Duration.ofMinutes(90),
            ".5s", Duration.ofMillis(500),
            "2.s", Duration.ofSeconds(2),
            "3us", Duration.ofNanos(3000),
            "3µs", Duration.ofNanos(3000))
        .forEach(
            (text, expected) -> assertThat(GoDuration.parse(text)).as(text).contains(expected));
  }

  @Test
  void anythingElse_isNone() {
    for (String text :
        List.of(
            "", "-1", "1.5", "s", "1x", "1m 30s", "1m30", "30 ", "99999999999h", "1e3s", "0x1")) {
      assertThat(GoDuration.parse(text)).as(text).isEmpty();
    }
  }

  /** Whoever counts them in nanoseconds would fail. */
  @Test
  void lengthsAreThoseThatNanosecondsCanTell() {
    assertThat(GoDuration.parse("9223372036")).contains(Duration.ofSeconds(9_223_372_036L));
    assertThat(GoDuration.parse("9223372037")).isEmpty();
  }

  @Test
  void shown_asWritten() {
    assertThat(GoDuration.show(Duration.ofSeconds(90))).isEqualTo("1m30s");
    assertThat(GoDuration.show(Duration.ZERO)).isEqualTo("0s");
  }
}
