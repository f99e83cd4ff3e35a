package dev.barista.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;

/** The other protocols that a client asks to speak on its connection. RFC 9110, 7.8. */
final class Upgrades {

  private static final String WEBSOCKET = "websocket";

  private Upgrades() {}

  /**
   * Whether a request asks for a WebSocket. Other versions of HTTP and TLS are offers that a client
   * makes by the way (Java's own with every first request) and are passed over.
   *
   * @throws HttpException {@code NOT_IMPLEMENTED} for any other protocol, {@code MALFORMED} for a
   *     WebSocket that is asked for by anything but a GET without a body
   */
  static boolean asksForWebSocket(HttpRequest request) {
    String protocols = request.headers().get(HttpHeaderNames.UPGRADE);
    if (protocols == null || !asks(request)) {
      return false;
    }
    boolean passedOver = false;
    for (String each :
        String.join(",", request.headers().getAll(HttpHeaderNames.UPGRADE)).split(",")) {
      String protocol = each.strip().toLowerCase(Locale.ROOT);
      if (protocol.equals(WEBSOCKET)) {
        return validWebSocket(request);
      }
      passedOver |=
          protocol.equals("h2c") || protocol.startsWith("http/") || protocol.startsWith("tls/");
    }
    if (passedOver) {
      return false;
    }
    throw new HttpException(
        HttpException.Kind.NOT_IMPLEMENTED, "the only protocol to change to is websocket");
  }

  /** An upgrade concerns one connection, and HTTP/1.0 has none. */
  private static boolean asks(HttpRequest request) {
    return request
            .headers()
            .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  private static boolean validWebSocket(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    boolean body =
        headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
            || (length != null && !length.equals("0"));
    if (body || !request.method().equals(HttpMethod.GET)) {
      throw RequestRules.malformed("a WebSocket is asked for by a GET without a body");
    }
    return true;
  }

  /** Asks a replica for what the client asked for. */
  static void ask(HttpHeaders forwarded) {
    forwarded.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    forwarded.set(HttpHeaderNames.UPGRADE, WEBSOCKET);
  }

  /** Whether a replica's 101 agrees to a WebSocket. */
  static boolean agrees(HttpHeaders answer) {
    return answer.containsValue(HttpHeaderNames.UPGRADE, WEBSOCKET, /* ignoreCase= */ true)
        && answer.contains(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
  }
}
