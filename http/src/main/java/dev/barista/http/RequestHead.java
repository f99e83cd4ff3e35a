package dev.barista.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Everything of a request but its body, as the client sent it. Read-only for handlers. */
public final class RequestHead {

  private final HttpRequest request;
  private final ServerConnection connection;
  private final String callId;
  private final String rawPath;
  private final String rawQuery;
  private final boolean webSocket;

  /** Of the body; -1 = not known. */
  private final long declaredBytes;

  RequestHead(HttpRequest request, ServerConnection connection, String callId) {
    this.request = request;
    this.connection = connection;
    this.callId = callId;
    this.webSocket = Upgrades.asksForWebSocket(request);
    this.declaredBytes = declaredBytes(request.headers());
    String target = Targets.originForm(request.uri());
    int question = target.indexOf('?');
    this.rawPath = question < 0 ? target : target.substring(0, question);
    this.rawQuery = question < 0 ? "" : target.substring(question + 1);
  }

  /** {@link RequestRules} has refused what is no number, or stands beside another framing. */
  private static long declaredBytes(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return -1;
    }
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  /** The client's {@code X-Call-Id}, or a generated one. */
  public String callId() {
    return callId;
  }

  /** As sent, such as {@code GET}; case matters. */
  public String method() {
    return request.method().name();
  }

  /** The path as sent, percent-encoded; begins with '/', or is {@code *}. */
  public String rawPath() {
    return rawPath;
  }

  /** What follows the first '?', as sent; empty when there is nothing. */
  public String rawQuery() {
    return rawQuery;
  }

  /** First value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.headers().get(name));
  }

  /** Every value of a header, in order. */
  public List<String> headerValues(String name) {
    return request.headers().getAll(name);
  }

  /** Every header line, in order. */
  public Headers headers() {
    return Headers.of(request.headers().entries().stream().map(RequestHead::field).toList());
  }

  /** Bytes of the body, 0 for none; empty when only its end will tell, since it comes chunked. */
  public OptionalLong bodyLength() {
    return declaredBytes < 0 ? OptionalLong.empty() : OptionalLong.of(declaredBytes);
  }

  /** The same without an object; -1 = not known. */
  long declaredBytes() {
    return declaredBytes;
  }

  /** Who sent it; a Unix-domain socket's client has no name. */
  public SocketAddress remoteAddress() {
    return connection.remote().address();
  }

  /** {@code ip:port} of who sent it; {@code unix} on a Unix-domain socket. */
  public String remoteText() {
    return connection.remote().text();
  }

  /** Whether the client asks for a WebSocket. */
  public boolean webSocket() {
    return webSocket;
  }

  /** Whether the client speaks HTTP/1.0. */
  public boolean http10() {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  private static Headers.Field field(Map.Entry<String, String> entry) {
    return new Headers.Field(entry.getKey(), entry.getValue());
  }

  @Override
  public String toString() {
    return method() + " " + rawPath;
  }
}
