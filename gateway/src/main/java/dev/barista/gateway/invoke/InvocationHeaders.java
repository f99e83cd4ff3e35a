package dev.barista.gateway.invoke;

import io.netty.util.AsciiString;

/** Headers that the gateway adds to a call and its answer. */
final class InvocationHeaders {

  static final CharSequence HOST = AsciiString.cached("Host");
  static final CharSequence USER_AGENT = AsciiString.cached("User-Agent");
  static final CharSequence CALL_ID = AsciiString.cached("X-Call-Id");
  static final CharSequence START_TIME = AsciiString.cached("X-Start-Time");
  static final CharSequence SERVED_BY = AsciiString.cached("X-Served-By");
  static final CharSequence CONTENT_TYPE = AsciiString.cached("Content-Type");
  static final CharSequence DURATION = AsciiString.cached("X-Duration-Seconds");
  static final CharSequence FORWARDED_HOST = AsciiString.cached("X-Forwarded-Host");
  static final CharSequence FORWARDED_FOR = AsciiString.cached("X-Forwarded-For");

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1_000L;

  private InvocationHeaders() {}

  /** Seconds with six digits after the point, as C's {@code %f}. */
  static String seconds(long nanos) {
    long micros = Math.max(0, nanos) % NANOS_PER_SECOND / NANOS_PER_MICRO;
    StringBuilder text = new StringBuilder(16);
    text.append(Math.max(0, nanos) / NANOS_PER_SECOND).append('.');
    for (long unit = 100_000; unit > 0; unit /= 10) {
      text.append((char) ('0' + micros / unit % 10));
    }
    return text.toString();
  }
}
