package dev.barista.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection to a replica: idle in its pool, or working for one call. On one event loop. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

  /** Time to read what a replica has answered before it closed in the middle of a request. */
  private static final int LAST_READ_MILLIS = 100;

  private final Upstream upstream;
  private final LoopContext loop;
  private final AnswerDecoder decoder;
  private final RequestEncoder encoder = new RequestEncoder();

  // Mutable state
  private @Nullable ChannelHandlerContext context;
  private @Nullable UpstreamPeer call;
  private @Nullable Throwable failure;
  private long idleSince;

  UpstreamConnection(Upstream upstream, LoopContext loop) {
    this.upstream = upstream;
    this.loop = loop;
    this.decoder = new AnswerDecoder(upstream.config());
  }

  RequestEncoder encoder() {
    return encoder;
  }

  AnswerDecoder decoder() {
    return decoder;
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("connection is not open yet");
    }
    return context;
  }

  // ---- for the call

  void begin(UpstreamPeer working, boolean headRequest) {
    call = working;
    decoder.answersHead(headRequest);
  }

  /** From here on bytes are passed as they are. */
  void tunnel(UpstreamPeer tunnel) {
    call = tunnel;
    context().pipeline().remove(encoder);
  }

  /** What the replica has sent behind its last head comes out. */
  void leaveHttp() {
    context().pipeline().remove(decoder);
  }

  /** Tells the replica that nothing more will come, after what was written. */
  void endOutput() {
    var _ =
        context()
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                _ -> {
                  if (context().channel() instanceof DuplexChannel duplex) {
                    var _ = duplex.shutdownOutput();
                  }
                });
  }

  /** The call is over and the connection can serve another one. */
  void release() {
    call = null;
    context().channel().config().setAutoRead(true);
    if (upstream.closed() || !context().channel().isActive()) {
      close();
    } else {
      upstream.idle(loop).give(this);
    }
  }

  /** The call is over, and the connection with it. */
  void abandon() {
    call = null;
    close();
  }

  void write(Object message) {
    ChannelHandlerContext ctx = context();
    var _ = ctx.write(message, ctx.voidPromise());
  }

  void flush() {
    context().flush();
  }

  boolean writable() {
    return context().channel().isWritable();
  }

  void reading(boolean read) {
    if (context().channel().config().isAutoRead() != read) {
      context().channel().config().setAutoRead(read);
    }
  }

  // ---- for the pool

  void idleSince(long nanos) {
    idleSince = nanos;
  }

  long idleSince() {
    return idleSince;
  }

  void close() {
    var _ = context().close();
  }

  // ---- channel events

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    UpstreamPeer working = call;
    if (working != null) {
      working.answerArrived(message);
    } else {
      // Nobody asked: whatever it is, the next answer could not be trusted.
      ReferenceCountUtil.release(message);
      close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (call != null) {
      call.answerPaused();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (call != null) {
      call.balance();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    UpstreamPeer working = call;
    call = null;
    if (working == null) {
      upstream.idle(loop).remove(this);
    } else {
      working.connectionLost(
          failure != null ? failure : new IOException("the replica closed the connection"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (failure != null) {
      return;
    }
    failure = cause;
    if (call == null || !(cause instanceof IOException)) {
      var _ = ctx.close();
      return;
    }
    // A write that failed: what the replica has sent before it closed may still wait to be read.
    reading(true);
    var _ = loop.loop().schedule(this::close, LAST_READ_MILLIS, TimeUnit.MILLISECONDS);
  }
}
