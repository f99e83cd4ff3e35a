package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** The whole body of a request that may have to be sent again. Retained until one or the other. */
final class Replay {

  private final ByteBuf content;
  private final int from;
  private final int length;

  Replay(ByteBuf content) {
    this.content = content.retain();
    this.from = content.readerIndex();
    this.length = content.readableBytes();
  }

  /** The body for another attempt, which takes it over. */
  LastHttpContent again() {
    return new DefaultLastHttpContent(content.slice(from, length));
  }

  void release() {
    content.release();
  }
}
