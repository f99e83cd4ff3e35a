package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LineLogTest {

  private final ByteArrayOutputStream target = new ByteArrayOutputStream();

  @Test
  void linesInPieces_arePutTogether() {
    LineLog log = log(100);
    for (String chunk : new String[] {"a", "b\nc", "\n\n", "end"}) {
      log.chunk(ByteBuffer.wrap(chunk.getBytes(UTF_8)));
    }
    log.end();

    assertThat(written()).isEqualTo("T x: ab\nT x: c\nT x: \nT x: end\n");
  }

  @Test
  void lineAsLongAsAllowed_isNotCut() {
    LineLog log = log(3);
    log.chunk(ByteBuffer.wrap("123\n1234\n".getBytes(UTF_8)));

    assertThat(written()).isEqualTo("T x: 123\nT x: 123\nT x: 4\n");
  }

  @Test
  void lineWithoutBound_staysOne_inBoundedMemory() {
    LineLog log = log(-1);
    String part = "y".repeat(50_000);
    for (int i = 0; i < 10; i++) {
      log.chunk(ByteBuffer.wrap(part.getBytes(UTF_8)));
    }
    log.chunk(ByteBuffer.wrap("\n".getBytes(UTF_8)));

    assertThat(written()).isEqualTo("T x: " + part.repeat(10) + "\n");
  }

  private LineLog log(int lineBytes) {
    return new LineLog(new WatchdogLog(target, () -> java.time.Instant.EPOCH), "x: ", lineBytes);
  }

  /** With the time as T. */
  private String written() {
    return target.toString(UTF_8).replaceAll("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d", "T");
  }
}
