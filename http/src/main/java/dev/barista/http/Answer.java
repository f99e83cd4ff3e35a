package dev.barista.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/**
 * A whole, small answer as a value.
 *
 * @param body not copied; not to be changed afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // a value to be written once, never compared
public record Answer(int status, Headers headers, byte[] body) {

  public Answer {
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
    if (status < 200 || status > 999) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200..999)");
    }
  }

  public static Answer empty(int status) {
    return new Answer(status, Headers.EMPTY, new byte[0]);
  }

  /** {@code text/plain; charset=utf-8}. */
  public static Answer text(int status, String text) {
    return new Answer(
        status, Headers.of("Content-Type", "text/plain; charset=utf-8"), text.getBytes(UTF_8));
  }

  /**
   * Metrics in Prometheus's text format. Its version is told, since some scrapers refuse text that
   * doesn't name it.
   */
  public static Answer metrics(String exposition) {
    return new Answer(
        200,
        Headers.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
        exposition.getBytes(UTF_8));
  }

  public Answer with(String name, String value) {
    return new Answer(status, headers.with(name, value), body);
  }
}
