package dev.barista.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerSpoolTest {

  @TempDir Path folder;

  @Test
  void lostAnswer_isToldWithWhatToSet() {
    assertThat(AnswerSpool.unkept(new IOException("No space left on device")))
        .isEqualTo(
            "the answer could not be kept in TMPDIR until its end: No space left on device (more"
                + " room: --max-tmp of serve; none is needed in mode streaming)");
  }

  @Test
  void smallAnswer_staysInMemory() throws IOException {
    try (var spool = new AnswerSpool(folder)) {
      spool.append(ByteBuffer.wrap(new byte[] {1, 2}));
      spool.append(ByteBuffer.wrap(new byte[] {3}));

      assertThat(spool.isInMemory()).isTrue();
      assertThat(spool.length()).isEqualTo(3);
      assertThat(spool.bytesAfter(new byte[] {0})).containsExactly(0, 1, 2, 3);
      assertThat(spool.beginning(2)).containsExactly(1, 2);
    }
  }

  @Test
  void largeAnswer_isWholeAndLeavesNoFile() throws IOException {
    var data = new byte[3 * AnswerSpool.MEMORY_BYTES + 17];
    new Random(3).nextBytes(data);
    try (var spool = new AnswerSpool(folder)) {
      for (int at = 0; at < data.length; at += 1000) {
        spool.append(ByteBuffer.wrap(data, at, Math.min(1000, data.length - at)));
      }
      var whole = new ByteArrayOutputStream();
      spool.writeTo(whole);

      assertThat(spool.isInMemory()).isFalse();
      assertThat(whole.toByteArray()).isEqualTo(data);
      assertThat(folder).isEmptyDirectory();
    }
  }
}
