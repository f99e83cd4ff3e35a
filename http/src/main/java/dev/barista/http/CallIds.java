package dev.barista.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** The name of a call through logs, headers and errors. */
final class CallIds {

  private static final AsciiString HEADER = AsciiString.cached("X-Call-Id");
  private static final int MAX_LENGTH = 256;

  private CallIds() {}

  /** The client's own, if it is short and printable, else a new one. */
  static String of(HttpHeaders headers, LoopContext loop) {
    String given = headers.get(HEADER);
    return given != null && acceptable(given) ? given : loop.newCallId();
  }

  private static boolean acceptable(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) <= ' ' || id.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
