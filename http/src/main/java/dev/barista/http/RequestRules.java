package dev.barista.http;

import dev.barista.http.HttpException.Kind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which request heads are refused before anyone looks at their path. RFC 9112. */
final class RequestRules {

  private static final int MAX_CONTENT_LENGTH_DIGITS = 18;

  private RequestRules() {}

  /** Returns why the request is refused, or null. */
  static @Nullable HttpException violation(HttpRequest request, HttpServerConfig config) {
    if (request.decoderResult().isFailure()) {
      return undecodable(request.decoderResult().cause(), config);
    }
    HttpHeaders headers = request.headers();
    if (headers.size() > config.maxHeaderCount()) {
      return new HttpException(
          Kind.HEADERS_TOO_LARGE,
          "the request has more than " + config.maxHeaderCount() + " header lines",
          "maxHeaderCount");
    }
    boolean http11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!http11 && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return new HttpException(
          Kind.VERSION_UNKNOWN, "versions 1.1 and 1.0 of HTTP are spoken here");
    }
    if (!token(request.method().name())) {
      return malformed("the method is not a token");
    }
    if (!printable(request.uri())) {
      return malformed("the request target contains a control character");
    }
    HttpException hosts = host(headers, http11);
    return hosts != null ? hosts : framing(headers, http11, config);
  }

  private static HttpException undecodable(Throwable cause, HttpServerConfig config) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          new HttpException(
              Kind.TARGET_TOO_LONG,
              "the request line is longer than " + config.maxTargetBytes() + " bytes",
              "maxTargetBytes");
      case TooLongHttpHeaderException _ ->
          new HttpException(
              Kind.HEADERS_TOO_LARGE,
              "the request's headers are longer than " + config.maxHeaderBytes() + " bytes",
              "maxHeaderBytes");
      default -> malformed("the request is not valid HTTP/1.1");
    };
  }

  private static @Nullable HttpException host(HttpHeaders headers, boolean http11) {
    String first = headers.get(HttpHeaderNames.HOST);
    if (first == null) {
      return http11 ? malformed("the request has no Host header") : null;
    }
    if (headers.getAll(HttpHeaderNames.HOST).size() > 1) {
      return malformed("the request has more than one Host header");
    }
    return hostName(first) ? null : malformed("the Host header is not a host and a port");
  }

  /** Only which characters there are: RFC 3986, 3.2.2, and the colon before the port. */
  private static boolean hostName(String text) {
    return text.chars()
        .allMatch(
            c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!$%&'()*+,-.:;=[]_~".indexOf(c) >= 0);
  }

  private static @Nullable HttpException framing(
      HttpHeaders headers, boolean http11, HttpServerConfig config) {
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return transferEncoding(headers, http11);
    }
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length == null) {
      return null;
    }
    if (!digits(length)) {
      return malformed("Content-Length is not a number");
    }
    return length.length() > MAX_CONTENT_LENGTH_DIGITS
            || Long.parseLong(length) > config.maxBodyBytes()
        ? bodyTooLarge(config)
        : null;
  }

  private static @Nullable HttpException transferEncoding(HttpHeaders headers, boolean http11) {
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!http11 || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return malformed("Transfer-Encoding has no place in this request");
    }
    return encodings.size() == 1
            && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst())
        ? null
        : new HttpException(Kind.NOT_IMPLEMENTED, "the only Transfer-Encoding taken is chunked");
  }

  static HttpException bodyTooLarge(HttpServerConfig config) {
    return new HttpException(
        Kind.BODY_TOO_LARGE,
        "the request's body is larger than " + config.maxBodyBytes() + " bytes",
        "maxBodyBytes");
  }

  static HttpException malformed(String sentence) {
    return new HttpException(Kind.MALFORMED, sentence);
  }

  private static boolean digits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean token(String method) {
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !method.isEmpty();
  }

  private static boolean printable(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
