package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLimitsTest {

  @Test
  void halfOfMemory_isOfTheMachine(@TempDir Path folder) throws Exception {
    Path memInfo = Files.writeString(folder.resolve("m"), "MemFree: 1 kB\nMemTotal:  2048 kB\n");

    assertThat(BuildLimits.halfOfMemory(memInfo)).isEqualTo(1 << 20);
    assertThat(BuildLimits.halfOfMemory(folder.resolve("none"))).isPositive();
  }

  @Test
  void memory_isWrittenAsPeopleDo() {
    assertThat(new BuildLimits(64L << 20, Duration.ZERO).memoryText()).isEqualTo("64 MiB");
    assertThat(new BuildLimits(12L << 30, Duration.ZERO).memoryText()).isEqualTo("12 GiB");
  }

  @Test
  void noMemory_isRefused() {
    assertThatThrownBy(() -> new BuildLimits(0, Duration.ZERO))
        .hasMessage("memoryBytes: 0 (expected: > 0)");
  }
}
