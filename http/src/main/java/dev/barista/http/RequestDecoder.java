package dev.barista.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's parser with the strict choices, which tells its connection about every arrival. */
final class RequestDecoder extends HttpRequestDecoder {

  private static final int CHUNK_BYTES = 64 << 10;

  private final ServerConnection connection;

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
    connection.bytesArrived();
    super.channelRead(ctx, message);
  }

  /** Two lengths for one body are how requests are smuggled past a proxy. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length together with Transfer-Encoding");
  }
}
