package dev.barista.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  /** Begins just before the reading overflows. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

  private Deadline after(long nanos) {
    return Deadline.after(Duration.ofNanos(nanos), now::get);
  }

  @Test
  void deadline_expiresWhenItsTimeHasPassedAlsoAcrossAnOverflow() {
    Deadline deadline = after(10);
    assertThat(deadline.expired()).isFalse();
    assertThat(deadline.remainingNanos()).isEqualTo(10);

    now.addAndGet(10);

    assertThat(deadline.expired()).isTrue();
    now.addAndGet(10);
    assertThat(deadline.remainingNanos()).isZero();
  }

  @Test
  void earlier_isTheOneThatEndsFirst() {
    Deadline near = after(3);
    Deadline far = after(20);

    assertThat(near.earlier(far)).isSameAs(near);
    assertThat(far.earlier(near)).isSameAs(near);
  }

  @Test
  void hugeTimeout_neverExpires() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), now::get);
    now.addAndGet(Duration.ofDays(3650).toNanos());

    assertThat(deadline.expired()).isFalse();
  }

  @Test
  void timeoutOfNothing_isRefused() {
    assertThatThrownBy(() -> after(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("> 0");
  }
}
