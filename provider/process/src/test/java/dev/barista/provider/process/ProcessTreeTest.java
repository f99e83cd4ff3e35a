package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {

  @Test
  void childrensWork_isCounted() throws IOException {
    String busyChild = "sh -c 'while :; do :; done' & wait";
    Process process = new ProcessBuilder("sh", "-c", busyChild).start();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> ProcessTree.usage((int) process.pid()).cpuNanos().orElseThrow() >= 50_000_000L);

      assertThat(ProcessTree.usage((int) process.pid()).memoryBytes().orElseThrow())
          .isGreaterThan(process.toHandle().descendants().count() * 100_000);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void processThatIsGone_hasNoUsage() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();

    assertThat(ProcessTree.usage((int) process.pid()).cpuNanos()).isEmpty();
  }
}
