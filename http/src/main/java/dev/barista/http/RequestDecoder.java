package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/** Netty's parser with the strict choices, which tells its connection about every arrival. */
final class RequestDecoder extends HttpRequestDecoder {

  private static final int CHUNK_BYTES = 64 << 10;

  private final ServerConnection connection;

  // Mutable state
  private boolean held;

  RequestDecoder(ServerConnection connection, HttpServerConfig config) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxTargetBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(CHUNK_BYTES)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setValidateHeaders(true));
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (connection.bytesArrived(message instanceof ByteBuf bytes ? bytes.readableBytes() : 0)) {
      super.channelRead(ctx, message);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /**
   * Leaves what comes next alone until {@link #release}: whether it is HTTP is not yet known. When
   * this is taken out of the pipeline instead, it comes out as it is.
   */
  void hold() {
    held = true;
  }

  boolean held() {
    return held;
  }

  /** Looks at what was left alone, soon. */
  void release(ChannelHandlerContext ctx, LoopContext loop) {
    held = false;
    loop.run(() -> resume(ctx));
  }

  private void resume(ChannelHandlerContext ctx) {
    if (ctx.isRemoved()) {
      return;
    }
    try {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
      channelReadComplete(ctx);
    } catch (Exception e) {
      ctx.fireExceptionCaught(e);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (held) {
      connection.sentAhead();
    } else {
      super.decode(ctx, in, out);
    }
  }

  /** Two lengths for one body are how requests are smuggled past a proxy. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length together with Transfer-Encoding");
  }
}
