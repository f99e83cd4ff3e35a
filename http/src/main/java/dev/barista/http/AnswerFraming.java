package dev.barista.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** How an answer tells where it ends. RFC 9112, 6. */
final class AnswerFraming {

  private AnswerFraming() {}

  static FullHttpResponse toNetty(Answer answer) {
    HttpHeaders headers = new DefaultHttpHeaders();
    answer.headers().fields().forEach(field -> headers.add(field.name(), field.value()));
    if (answer.status() != 304) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(answer.body().length));
    }
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(answer.status()),
        Unpooled.wrappedBuffer(answer.body()),
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  /** The last answer of its connection. */
  static FullHttpResponse closing(Answer answer) {
    FullHttpResponse response = toNetty(answer);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  /**
   * Sets version and framing headers.
   *
   * @param length of the body; -1 = not known
   * @return whether the connection can be kept afterwards
   */
  static boolean prepare(
      HttpResponse response, long length, boolean http10, boolean headRequest, boolean keepAlive) {
    response.setProtocolVersion(HttpVersion.HTTP_1_1);
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    boolean kept = keepAlive;
    if (headRequest || status == 204 || status == 304) {
      headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
      if (status == 204) {
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
      }
    } else {
      kept &= frame(headers, length, http10);
    }
    if (!kept) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (http10) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return kept;
  }

  /** Returns false when only the end of the connection can tell the end of the body. */
  private static boolean frame(HttpHeaders headers, long length, boolean http10) {
    if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return true;
    }
    if (length >= 0 && (http10 || !headers.contains(HttpHeaderNames.TRANSFER_ENCODING))) {
      headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
      headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
      return true;
    }
    if (http10) {
      headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
      return false;
    }
    headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    return true;
  }
}
