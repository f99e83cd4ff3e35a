package dev.barista.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {

  private static final int MEBI = 1 << 20;

  @Test
  void bodyThatDoesNotFit_waitsForItsPlace() throws Exception {
    BodyMemory memory = new BodyMemory(2 * MEBI, Duration.ofDays(1));
    BodyMemory.Place first = memory.take(MEBI);
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> large =
          others.submit(
              () -> {
                memory.take(2 * MEBI).close();
                return true;
              });
      memory.take(1_000).close(); // a small one goes past it

      assertThat(large.isDone()).isFalse();
      first.close();
      large.get();
    }
    memory.take(2 * MEBI).close();
  }

  @Test
  void bodyLargerThanAll_isReadAlone() throws IOException {
    BodyMemory memory = new BodyMemory(MEBI, Duration.ofNanos(1));

    try (BodyMemory.Place _ = memory.take(Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> memory.take(1))
          .isInstanceOfSatisfying(
              FaasException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
    memory.take(1).close();
  }
}
