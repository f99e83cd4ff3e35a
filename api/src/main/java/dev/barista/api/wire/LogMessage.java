package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/**
 * One line of {@code GET /system/logs}, which answers one JSON object per line.
 *
 * @param instance the replica that wrote it
 * @param timestamp RFC 3339, to the microsecond
 * @param text without its end of line
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LogMessage(
    String name, String namespace, String instance, Instant timestamp, String text) {}
