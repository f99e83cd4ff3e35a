package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentSnifferTest {

  @Test
  void types_areGuessedFromTheBeginning() {
    Map.ofEntries(
            Map.entry("", "text/plain; charset=utf-8"),
            Map.entry("hello\n", "text/plain; charset=utf-8"),
            Map.entry("{\"a\":1}", "text/plain; charset=utf-8"),
            Map.entry("  \n<!DOCTYPE HTML>", "text/html; charset=utf-8"),
            Map.entry("<p>x", "text/html; charset=utf-8"),
            Map.entry("<pre>x", "text/plain; charset=utf-8"),
            Map.entry("<?xml version='1.0'?>", "text/xml; charset=utf-8"),
            Map.entry("%PDF-1.7", "application/pdf"),
            Map.entry("\u0089PNG\r\n\u001a\n...", "image/png"),
            Map.entry("\u00ff\u00d8\u00ff\u00e0", "image/jpeg"),
            Map.entry("RIFF1234WEBPVP8 ", "image/webp"),
            Map.entry("PK\3\4x", "application/zip"),
            Map.entry("\u001f\u008b\u0008", "application/x-gzip"),
            Map.entry("a\0b", "application/octet-stream"))
        .forEach(
            (data, type) ->
                assertThat(ContentSniffer.guess(data.getBytes(ISO_8859_1)))
                    .as(data)
                    .isEqualTo(type));
  }
}
