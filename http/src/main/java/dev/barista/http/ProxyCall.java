package dev.barista.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to have a replica answer an exchange: couples a client's connection with a replica's
 * on the same event loop. Ends exactly once.
 *
 * <p>Small messages travel in one piece: a head is held back until the first part of its body (or
 * the end of the burst it came in), and written together with it.
 *
 * <p>A connection from the pool may have been closed by the replica just now. If nothing of an
 * answer came and the request can be sent again, it is, once, on a fresh connection. That is the
 * case when its whole body is still here, and either its method may be repeated (RFC 9110, 9.2.2)
 * or the kernel refused the very write, so that the replica can't have seen it.
 */
final class ProxyCall implements ExchangePeer, UpstreamPeer {

  /** How long a client that waits to be asked for its body waits for the replica to ask. */
  private static final int EXPECT_SECONDS = 1;

  private final ServerExchange exchange;
  private final Upstream upstream;
  private final String target;
  private final ProxyListener listener;
  private final LoopContext loop;

  // Mutable state
  private @Nullable UpstreamConnection connection;
  private boolean pooled;

  /** Whether the replica has had a connection: one that was lost may have told it the request. */
  private boolean reached;

  private boolean ended;

  /** Not written yet. */
  private @Nullable HttpRequest requestHead;

  private boolean requestComplete;
  private boolean requestUnflushed;

  private @Nullable Replay replay;

  /** Not written yet. */
  private @Nullable HttpResponse answerHead;

  private boolean answerArrived;
  private boolean answerWritten;
  private boolean interim;
  private boolean reusable;
  private int status;

  ProxyCall(ServerExchange exchange, Upstream upstream, String target, ProxyListener listener) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.target = target;
    this.listener = listener;
    this.loop = exchange.connection().loop();
  }

  // ---- reaching the replica

  void start() {
    exchange.attach(this);
    if (ended) {
      return;
    }
    UpstreamConnection idle =
        ForwardedRequest.repeatable(exchange) ? upstream.idle(loop).take() : null;
    if (idle != null) {
      pooled = true;
      connected(idle);
    } else {
      connect();
    }
  }

  private void connect() {
    pooled = false;
    ChannelFuture future = upstream.connect(loop);
    if (future.isDone()) {
      connectEnded(future);
    } else {
      future.addListener(_ -> connectEnded(future));
    }
  }

  private void connectEnded(ChannelFuture future) {
    if (!future.isSuccess()) {
      notSent(future.cause());
      return;
    }
    Channel channel = future.channel();
    UpstreamConnection fresh = channel.pipeline().get(UpstreamConnection.class);
    if (fresh == null) {
      notSent(new IOException("the replica closed the connection"));
    } else if (ended) {
      fresh.release();
    } else {
      connected(fresh);
    }
  }

  private void connected(UpstreamConnection taken) {
    connection = taken;
    reached = true;
    taken.begin(this, exchange.request().method().equals(HttpMethod.HEAD));
    requestHead = ForwardedRequest.head(exchange, target);
    if (exchange.body().expectsContinue()) {
      // A replica that doesn't know the question is silent: its client must not wait for ever.
      var _ = loop.loop().schedule(this::askForBody, EXPECT_SECONDS, TimeUnit.SECONDS);
    }
    exchange.body().receive(this);
    if (!exchange.connection().inBurst()) {
      partsPaused();
    }
  }

  private void askForBody() {
    if (!ended && !answerArrived) {
      exchange.body().ask();
    }
  }

  // ---- the request's way

  @Override
  public void part(HttpContent part) {
    UpstreamConnection to = connection;
    if (ended || to == null) {
      part.release();
      return;
    }
    boolean last = part instanceof LastHttpContent;
    HttpRequest head = requestHead;
    if (head != null) {
      requestHead = null;
      if (last) {
        writeWhole(to, head, (LastHttpContent) part);
        return;
      }
      to.write(head);
    }
    to.write(part);
    requestComplete = last;
    requestUnflushed = true;
  }

  private void writeWhole(UpstreamConnection to, HttpRequest head, LastHttpContent part) {
    if (pooled && part.content().readableBytes() <= ForwardedRequest.MAX_REPLAY_BYTES) {
      replay = new Replay(part.content());
    }
    requestComplete = true;
    requestUnflushed = true;
    to.write(ForwardedRequest.whole(head, part));
  }

  @Override
  public void partsPaused() {
    UpstreamConnection to = connection;
    if (ended || to == null) {
      return;
    }
    HttpRequest head = requestHead;
    if (head != null) {
      requestHead = null;
      to.write(head);
      requestUnflushed = true;
    }
    if (requestUnflushed) {
      requestUnflushed = false;
      to.flush();
      balance();
    }
  }

  /**
   * Backpressure both ways. To be called after every flush, since a flush can change writability at
   * once, and on every change.
   */
  @Override
  public void balance() {
    UpstreamConnection to = connection;
    if (ended || to == null) {
      return;
    }
    if (!requestComplete) {
      exchange.body().pause(!to.writable());
    }
    to.reading(exchange.connection().writable());
  }

  // ---- the answer's way

  @Override
  public void answerArrived(Object message) {
    if (ended) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpResponse response) {
      headArrived(response);
    } else if (message instanceof HttpContent part) {
      answerPart(part);
    }
  }

  private void headArrived(HttpResponse response) {
    answerArrived = true;
    dropReplay();
    String fault = AnswerRules.fault(response, upstream.config());
    if (fault != null) {
      broken(new IOException(fault, response.decoderResult().cause()));
      return;
    }
    if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      interimArrived(response);
      return;
    }
    reusable = HttpUtil.isKeepAlive(response);
    HopByHop.strip(response.headers());
    status = response.status().code();
    listener.answering(status, new HeaderEditor(response.headers()));
    answerHead = response;
  }

  private void interimArrived(HttpResponse response) {
    if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
      switching(response);
      return;
    }
    interim = true;
    if (response.status().code() == HttpResponseStatus.CONTINUE.code()) {
      exchange.body().ask();
    } else {
      HopByHop.strip(response.headers());
      exchange.answer().interim(response.status(), response.headers());
    }
  }

  /** The end of this head is the end of HTTP on both connections. */
  private void switching(HttpResponse response) {
    UpstreamConnection from = connection;
    if (from == null || !exchange.head().webSocket() || !Upgrades.agrees(response.headers())) {
      broken(new IOException("the replica switched protocols, which nobody had asked for"));
      return;
    }
    HopByHop.strip(response.headers());
    Upgrades.ask(response.headers());
    listener.answering(response.status().code(), new HeaderEditor(response.headers()));
    ended = true;
    connection = null;
    exchange.answer().switching(response);
    Tunnel.open(exchange, from, listener);
  }

  private void answerPart(HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    if (interim) {
      interim = !last;
      part.release();
      return;
    }
    if (part.decoderResult().isFailure()) {
      part.release();
      broken(new IOException("the replica's answer is not validly chunked"));
      return;
    }
    if (last) {
      complete((LastHttpContent) part);
    } else {
      writeAnswerHead();
      exchange.answer().part(part);
    }
  }

  private void writeAnswerHead() {
    HttpResponse head = answerHead;
    if (head != null) {
      answerHead = null;
      answerWritten = true;
      exchange.answer().head(head);
    }
  }

  /** Gives back connection and lease first: who reads the answer may call again at once. */
  private void complete(LastHttpContent part) {
    ended = true;
    releaseConnection();
    exchange.detach();
    HttpResponse head = answerHead;
    answerHead = null;
    listener.ended(new ProxyOutcome.Answered(status));
    if (head == null) {
      exchange.answer().part(part);
    } else if (part.trailingHeaders().isEmpty()) {
      exchange
          .answer()
          .whole(
              new DefaultFullHttpResponse(
                  head.protocolVersion(),
                  head.status(),
                  part.content(),
                  head.headers(),
                  part.trailingHeaders()));
    } else {
      exchange.answer().head(head);
      exchange.answer().part(part);
    }
  }

  private void releaseConnection() {
    UpstreamConnection from = connection;
    connection = null;
    if (from == null) {
      return;
    }
    if (reusable && requestComplete) {
      from.release();
    } else {
      from.abandon();
    }
  }

  @Override
  public void answerPaused() {
    if (!ended && answerArrived) {
      writeAnswerHead();
      exchange.connection().flush();
      balance();
    }
  }

  @Override
  public void clientWritabilityChanged() {
    balance();
  }

  // ---- ends

  @Override
  public void connectionLost(Throwable cause) {
    if (ended) {
      return;
    }
    connection = null;
    Replay whole = replay;
    if (whole != null && ForwardedRequest.mayRepeat(exchange, cause)) {
      replay = null;
      exchange.body().unread(whole.again());
      requestComplete = false;
      requestUnflushed = false;
      connect();
    } else {
      broken(cause);
    }
  }

  private void notSent(Throwable cause) {
    if (!ended) {
      end();
      listener.ended(new ProxyOutcome.NotSent(cause, KernelErrors.lineFull(cause)));
    }
  }

  private void broken(Throwable cause) {
    boolean started = answerWritten;
    end();
    if (started) {
      exchange.cut();
    }
    listener.ended(new ProxyOutcome.Broken(cause, started));
  }

  @Override
  public void cancel() {
    if (ended) {
      return;
    }
    boolean started = answerWritten;
    end();
    if (started) {
      exchange.cut();
    }
    listener.ended(reached ? new ProxyOutcome.Cancelled(started) : new ProxyOutcome.Unreached());
  }

  @Override
  public void aborted(int seen, @Nullable HttpException refusal) {
    if (!ended) {
      end();
      listener.ended(new ProxyOutcome.Aborted(seen));
    }
  }

  private void end() {
    ended = true;
    answerHead = null;
    dropReplay();
    exchange.detach();
    UpstreamConnection from = connection;
    connection = null;
    if (from != null) {
      from.abandon();
    }
  }

  private void dropReplay() {
    Replay whole = replay;
    replay = null;
    if (whole != null) {
      whole.release();
    }
  }
}
