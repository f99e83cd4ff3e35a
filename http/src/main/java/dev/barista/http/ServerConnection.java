package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.HalfClosed;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: takes requests one after the other, in the order in which they came, and
 * keeps the time. Lives on one event loop.
 *
 * <p>What a client sends ahead (pipelining) waits in {@code backlog} and stops the reading, so it
 * is bounded by one read. Reading goes on while an answer is made, so that a client that leaves is
 * noticed.
 *
 * <p>Ends: a client that closes only its sending side still wants its answers, which TCP cannot
 * tell from a client that has gone, except by writing to it: see {@link ConnectionWatch}. How it is
 * closed is {@link ConnectionEnd}'s.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());

  private final ServerContext server;
  private final LoopContext loop;
  private final RequestDecoder decoder;
  private final ResponseEncoder encoder = new ResponseEncoder();
  private final ArrayDeque<Object> backlog = new ArrayDeque<>(0);
  private final ConnectionWatch watch;
  private final ConnectionEnd end;
  private final RemoteName remote = new RemoteName();

  // Mutable state
  private @Nullable ChannelHandlerContext context;
  private @Nullable ServerExchange current;
  private @Nullable Tunnel tunnel;
  private boolean burst;
  private boolean inBacklog;
  private boolean skippingBody;
  private boolean closing;
  private boolean inputEnded;
  private boolean sentAhead;
  private boolean flushPending;

  ServerConnection(ServerContext server, LoopContext loop) {
    this.server = server;
    this.loop = loop;
    this.decoder = new RequestDecoder(this, server.config());
    this.watch = new ConnectionWatch(this, server.config(), loop.heads().share());
    this.end = new ConnectionEnd(this, watch);
  }

  RemoteName remote() {
    return remote;
  }

  RequestDecoder decoder() {
    return decoder;
  }

  ResponseEncoder encoder() {
    return encoder;
  }

  ServerContext server() {
    return server;
  }

  LoopContext loop() {
    return loop;
  }

  ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("connection is not open yet");
    }
    return context;
  }

  // ---- channel events

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    remote.set(ctx.channel().remoteAddress());
    loop.watch(watch);
    watch.opened(loop.coarseNanos());
    server.opened(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.unwatch(watch);
    watch.closed();
    server.closed(this);
    releaseBacklog();
    ServerExchange exchange = current;
    if (exchange != null) {
      current = null;
      exchange.clientGone();
    }
  }

  /** Called by the decoder before it looks at new bytes. Returns false if it should drop them. */
  boolean bytesArrived(int bytes) {
    burst = true;
    return watch.bytesArrived(loop.coarseNanos(), current == null, bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (tunnel != null) {
      tunnel.fromClient(message);
    } else if (end.begun()) {
      ReferenceCountUtil.release(message);
    } else if (skippingBody) {
      skip((HttpContent) message);
    } else if (current == null && !inBacklog) {
      begin((HttpRequest) message);
    } else if (message instanceof HttpContent content
        && backlog.isEmpty()
        && current != null
        && !current.bodyComplete()) {
      current.bodyPart(content);
    } else {
      backlog.add(message);
      updateReading();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    burst = false;
    if (current != null) {
      current.partsPaused();
    }
    if (flushPending) {
      flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (current != null) {
      current.writabilityChanged();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      inputClosed();
    }
  }

  private void inputClosed() {
    inputEnded = true;
    if (tunnel != null && !end.begun()) {
      keepRegistered();
      tunnel.clientInputEnded();
    } else if (current == null || end.begun()) {
      end.whenSent();
    } else if (!current.bodyComplete()) {
      close();
    } else {
      if (backlog.isEmpty()) {
        current.answer().closeAfterwards();
      }
      watch.halfClosed(System.nanoTime());
      keepRegistered();
    }
  }

  private void keepRegistered() {
    try {
      HalfClosed.keepRegistered(context().channel());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "connection of " + remote.text() + " is cut", e);
      close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.WARNING, "connection of " + remote.text() + " failed", cause);
    }
    close();
  }

  // ---- requests

  private void begin(HttpRequest request) {
    watch.headComplete(request);
    boolean last =
        closing || (inputEnded && backlog.stream().noneMatch(HttpRequest.class::isInstance));
    ServerExchange exchange = new ServerExchange(this, request, !last);
    current = exchange;
    if (inputEnded) {
      watch.halfClosed(System.nanoTime());
    }
    exchange.begin();
  }

  /** An answer is complete: written, if not flushed. */
  void exchangeEnded(ServerExchange exchange) {
    if (current != exchange) {
      return;
    }
    current = null;
    watch.idle(loop.coarseNanos());
    flush();
    if (decoder.held() && tunnel == null) {
      // The connection stays with HTTP: what the client sent ahead is its next request.
      sentAhead = false;
      decoder.release(context().pipeline().context(decoder), loop);
    }
    if (!exchange.answer().keepsConnection()) {
      closing = true;
    }
    if (!exchange.bodyComplete() && (closing || !exchange.restIsSmall())) {
      lingerAndClose();
    } else if (closing && backlog.isEmpty()) {
      end.afterFlush();
    } else if (closing) {
      lingerAndClose();
    } else {
      skippingBody = !exchange.bodyComplete();
      updateReading();
      drainBacklog();
    }
  }

  private void skip(HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    boolean bad = part.decoderResult().isFailure();
    part.release();
    if (bad) {
      close();
    } else if (last) {
      skippingBody = false;
      watch.headComplete();
      watch.idle(loop.coarseNanos());
      if (closing) {
        end.afterFlush();
      }
    }
  }

  private void drainBacklog() {
    if (inBacklog) {
      return;
    }
    inBacklog = true;
    while (!backlog.isEmpty() && !end.begun()) {
      Object message = backlog.peek();
      if (skippingBody) {
        backlog.poll();
        skip((HttpContent) message);
      } else if (current == null && message instanceof HttpRequest request) {
        backlog.poll();
        begin(request);
      } else if (current != null
          && !current.bodyComplete()
          && message instanceof HttpContent part) {
        backlog.poll();
        current.bodyPart(part);
      } else {
        break;
      }
    }
    inBacklog = false;
    if (current != null && !burst) {
      current.partsPaused();
    }
    updateReading();
  }

  private void releaseBacklog() {
    backlog.forEach(ReferenceCountUtil::release);
    backlog.clear();
  }

  // ---- reading and writing

  /** Whether bytes are being read right now, so that a later {@code partsPaused} is sure. */
  boolean inBurst() {
    return burst || inBacklog;
  }

  void updateReading() {
    if (inputEnded || tunnel != null) {
      return;
    }
    boolean bodyWanted = current == null || current.body().wanted();
    boolean wanted = end.begun() || (backlog.isEmpty() && bodyWanted && !sentAhead);
    if (context().channel().config().isAutoRead() != wanted) {
      watch.readingChanged(loop.coarseNanos());
      context().channel().config().setAutoRead(wanted);
    }
  }

  /** Called by the decoder that was told to wait, when there is something to wait with. */
  void sentAhead() {
    if (!sentAhead) {
      sentAhead = true;
      updateReading();
    }
  }

  /** From here on bytes are passed as they are. */
  void tunnel(Tunnel opened) {
    tunnel = opened;
    context().pipeline().remove(encoder);
  }

  /** What the client has sent ahead comes out. */
  void leaveHttp() {
    context().pipeline().remove(decoder);
  }

  void tunnelReading(boolean read) {
    if (!inputEnded && context().channel().config().isAutoRead() != read) {
      context().channel().config().setAutoRead(read);
    }
  }

  void write(Object message) {
    ChannelHandlerContext ctx = context();
    var _ = ctx.write(message, ctx.voidPromise());
    flushPending = true;
  }

  /** Writes bytes past the encoder. */
  void writeEncoded(ByteBuf bytes) {
    ChannelHandlerContext ctx = context().pipeline().context(encoder);
    var _ = ctx.write(bytes, ctx.voidPromise());
    flushPending = true;
  }

  /** {@code taken} runs when the message is sent, or can't be. */
  void write(Object message, Runnable taken) {
    context().write(message).addListener(_ -> taken.run());
    flushPending = true;
  }

  void flush() {
    flushPending = false;
    context().flush();
  }

  boolean writable() {
    return context().channel().isWritable();
  }

  // ---- ends

  /** Lets the running exchange finish and closes then; at once when there is none. */
  void drain() {
    closing = true;
    if (current != null) {
      current.answer().closeAfterwards();
    } else if (!skippingBody) {
      end.afterFlush();
    }
  }

  void close() {
    end.atOnce();
  }

  /** Nothing of what the client has sent ahead is answered any more. */
  private void lingerAndClose() {
    releaseBacklog();
    end.lingering();
  }

  // ---- time, asked by the watch

  boolean ending() {
    return end.begun();
  }

  @Nullable ServerExchange current() {
    return current;
  }

  boolean reading() {
    return context().channel().config().isAutoRead();
  }

  long unsentBytes() {
    ChannelOutboundBuffer buffer = context().channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /** Answers bytes that did not become a request. */
  void refuseHead(HttpException violation) {
    Answer answer = server.errors().answer(null, loop.newCallId(), violation);
    encoder.answersHead(false);
    write(AnswerFraming.closing(answer));
    closing = true;
    flush();
    lingerAndClose();
    server.observer().ended("other", "OTHER", answer.status(), 0);
  }
}
