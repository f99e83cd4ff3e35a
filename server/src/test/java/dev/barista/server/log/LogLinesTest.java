package dev.barista.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogLinesTest {

  private static final Instant TIME = Instant.parse("2026-11-22T10:00:00.123Z");

  @Test
  void text_isOneLineWhateverTheMessageHolds() {
    String line =
        LogLines.text(
            TIME,
            System.Logger.Level.WARNING,
            "dev.barista.gateway.Gate",
            "a\nforged line\r\u001b[31m",
            null);

    assertThat(line).isEqualTo("2026-11-22T10:00:00.123Z WARNING Gate: a⏎forged line??[31m\n");
  }

  @Test
  void text_endsInTheStackTrace() {
    String lines =
        LogLines.text(
            TIME, System.Logger.Level.ERROR, "Gate", "failed", new IllegalStateException("why"));

    assertThat(lines).contains("ERROR   Gate: failed\njava.lang.IllegalStateException: why\n\tat ");
  }

  @Test
  void json_isOneParsableLineWhateverTheMessageHolds() {
    String message = "a\n\"quoted\" \\ \u0000 \ud800 🐢 \u0085";

    String line =
        LogLines.json(
            TIME, System.Logger.Level.INFO, "Gate", message, new IllegalStateException("why"));

    assertThat(line).endsWith("}\n").doesNotContain("\u0000");
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonNode json = JsonMapper.shared().readTree(line);
    assertThat(json.path("time").asString()).isEqualTo("2026-11-22T10:00:00.123Z");
    assertThat(json.path("level").asString()).isEqualTo("INFO");
    assertThat(json.path("message").asString()).isEqualTo(message);
    assertThat(json.path("error").asString()).contains("IllegalStateException: why");
  }
}
