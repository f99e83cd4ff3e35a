package dev.barista.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Netty's parser of answers with the strict choices, told which answers belong to a HEAD. */
final class AnswerDecoder extends HttpResponseDecoder {

  private static final int CHUNK_BYTES = 64 << 10;

  // Mutable state
  private boolean answersHead;

  AnswerDecoder(UpstreamConfig config) {
    super(
        new HttpDecoderConfig()
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(CHUNK_BYTES)
            .setAllowDuplicateContentLengths(false)
            .setValidateHeaders(true));
  }

  void answersHead(boolean head) {
    answersHead = head;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return super.isContentAlwaysEmpty(message) || answersHead;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length together with Transfer-Encoding");
  }
}
