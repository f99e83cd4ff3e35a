package dev.barista.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Header lines that concern one connection only and are never passed on. RFC 9110, 7.6.1. {@code
 * Trailer} is none since then: trailers pass through, and some servers show only announced ones.
 */
final class HopByHop {

  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
  private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

  private HopByHop() {}

  /** Leaves {@code Transfer-Encoding} alone: it says how the body is framed here. */
  static void strip(HttpHeaders headers) {
    stripConnection(headers);
    headers.remove(KEEP_ALIVE);
    headers.remove(PROXY_CONNECTION);
    headers.remove(HttpHeaderNames.TE);
    headers.remove(HttpHeaderNames.UPGRADE);
  }

  /** Of a request also what a client says to its proxy. */
  static void stripRequest(HttpHeaders headers) {
    strip(headers);
    headers.remove(HttpHeaderNames.EXPECT);
    headers.remove(HttpHeaderNames.PROXY_AUTHENTICATE);
    headers.remove(HttpHeaderNames.PROXY_AUTHORIZATION);
  }

  private static void stripConnection(HttpHeaders headers) {
    String first = headers.get(HttpHeaderNames.CONNECTION);
    if (first == null) {
      return;
    }
    List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
    headers.remove(HttpHeaderNames.CONNECTION);
    for (String value : values) {
      if (!AsciiString.contentEqualsIgnoreCase(value, "keep-alive")
          && !AsciiString.contentEqualsIgnoreCase(value, "close")) {
        stripNamed(headers, value);
      }
    }
  }

  private static void stripNamed(HttpHeaders headers, String connection) {
    for (String name : connection.split(",", -1)) {
      String trimmed = name.trim();
      if (!trimmed.isEmpty() && !framing(trimmed)) {
        headers.remove(trimmed);
      }
    }
  }

  /** Nobody may name away what tells where the body ends, or whom the request is for. */
  private static boolean framing(String name) {
    return HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.HOST.contentEqualsIgnoreCase(name);
  }
}
