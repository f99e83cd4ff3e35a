package dev.barista.gateway.invoke;

import dev.barista.http.HeaderEditor;
import dev.barista.http.StreamExchange;
import io.netty.util.AsciiString;
import java.util.Optional;

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

  private static final int SWITCHING = 101;

  private InvocationHeaders() {}

  /** What a call carries to whatever replica. */
  static void ofRequest(
      HeaderEditor headers, StreamExchange exchange, InvocationContext context, String startTime) {
    Optional<String> host = headers.get(HOST);
    if (host.isPresent()) {
      headers.setIfAbsent(FORWARDED_HOST, host.get());
    }
    headers.setIfAbsent(FORWARDED_FOR, exchange.head().remoteText());
    headers.setIfAbsent(USER_AGENT, context.agent());
    headers.set(CALL_ID, exchange.callId());
    headers.add(START_TIME, startTime);
  }

  /** What an answer of a replica carries to the client. */
  static void ofAnswer(
      int status,
      HeaderEditor headers,
      StreamExchange exchange,
      InvocationContext context,
      String startTime) {
    headers.setIfAbsent(CALL_ID, exchange.callId());
    headers.setIfAbsent(START_TIME, startTime);
    headers.setIfAbsent(SERVED_BY, context.servedBy());
    if (status != SWITCHING && headers.get(CONTENT_TYPE).isEmpty()) {
      // As OpenFaaS's provider answers for a function that doesn't say what it sends.
      headers.set(CONTENT_TYPE, exchange.head().header("Content-Type").orElse("text/plain"));
    }
  }

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
