package dev.barista.http;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** A request as a replica gets it, and when it may get it again. */
final class ForwardedRequest {

  /** Longest body that is kept for another attempt. */
  static final int MAX_REPLAY_BYTES = 64 << 10;

  private ForwardedRequest() {}

  static HttpRequest head(ServerExchange exchange, String target) {
    HttpHeaders headers = exchange.forwardable();
    if (exchange.head().webSocket()) {
      Upgrades.ask(headers);
    }
    if (exchange.body().expectsContinue()) {
      headers.set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    }
    return new DefaultHttpRequest(
        HttpVersion.HTTP_1_1, exchange.request().method(), target, headers);
  }

  /** A head and the only part of its body in one piece. */
  static DefaultFullHttpRequest whole(HttpRequest head, LastHttpContent part) {
    return new DefaultFullHttpRequest(
        head.protocolVersion(),
        head.method(),
        head.uri(),
        part.content(),
        head.headers(),
        part.trailingHeaders());
  }

  /**
   * Whether it can be sent again as far as the head tells. Only such a request goes on a connection
   * from the pool, which the replica may have closed just now.
   */
  static boolean repeatable(ServerExchange exchange) {
    RequestBody body = exchange.body();
    return !body.expectsContinue()
        && !body.declaredAbove(MAX_REPLAY_BYTES)
        && !exchange.head().webSocket();
  }

  /** Whether it may be sent again after its connection was lost. RFC 9110, 9.2.2. */
  static boolean mayRepeat(ServerExchange exchange, Throwable cause) {
    return switch (exchange.request().method().name()) {
      case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
      default -> KernelErrors.writeRefused(cause);
    };
  }
}
