package dev.barista.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection to a replica: idle in its pool, or working for one call. On one event loop. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

  private final Upstream upstream;
  private final LoopContext loop;
  private final AnswerDecoder decoder;

  // Mutable state
  private @Nullable ChannelHandlerContext context;
  private @Nullable ProxyCall call;
  private @Nullable Throwable failure;
  private long idleSince;

  UpstreamConnection(Upstream upstream, LoopContext loop) {
    this.upstream = upstream;
    this.loop = loop;
    this.decoder = new AnswerDecoder(upstream.config());
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

  void begin(ProxyCall working, boolean headRequest) {
    call = working;
    decoder.answersHead(headRequest);
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
    ProxyCall working = call;
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
    ProxyCall working = call;
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
    if (failure == null) {
      failure = cause;
    }
    var _ = ctx.close();
  }
}
