package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class WatchdogLogTest {

  /** A call id or a path is what a client likes, and terminals take U+009B for ESC and '['. */
  @Test
  void controlCharactersOfAClient_makeNoLineAndSteerNoTerminal() {
    var out = new ByteArrayOutputStream();
    var log = new WatchdogLog(out, InstantSource.fixed(Instant.EPOCH));

    log.line("GET /ü - 200 [a\n2026/01/01 00:00:00 forged \u001b[31m\u009b31m]");

    assertThat(out.toString(UTF_8))
        .matches("\\S+ \\S+ GET /ü - 200 \\[a\\?2026/01/01 00:00:00 forged \\?\\[31m\\?31m]\n");
  }
}
