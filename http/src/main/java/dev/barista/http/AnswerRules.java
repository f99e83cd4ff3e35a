package dev.barista.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Which heads of a replica's answers are not passed on. RFC 9112. */
final class AnswerRules {

  private AnswerRules() {}

  /** Returns what is wrong, or null. */
  static @Nullable String fault(HttpResponse answer, UpstreamConfig config) {
    if (answer.decoderResult().isFailure()) {
      return "the replica's answer is not valid HTTP/1.1";
    }
    HttpHeaders headers = answer.headers();
    if (headers.size() > config.maxHeaderCount()) {
      return "the replica's answer has too many header lines";
    }
    int status = answer.status().code();
    if (status < 100 || status > 999) {
      return "the replica's answer has no status of three digits";
    }
    String encoding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    return encoding == null || onlyChunked(headers, encoding)
        ? null
        : "the replica's answer has a Transfer-Encoding other than chunked";
  }

  private static boolean onlyChunked(HttpHeaders headers, String first) {
    return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(first)
        && headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() == 1;
  }
}
