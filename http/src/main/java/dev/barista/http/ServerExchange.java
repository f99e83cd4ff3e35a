package dev.barista.http;

import dev.barista.concurrency.Deadline;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer, on its connection's event loop. */
final class ServerExchange implements StreamExchange {

  private static final System.Logger LOG = System.getLogger(ServerExchange.class.getName());

  /** A body's rest up to this size is read and dropped to keep the connection. */
  private static final long SMALL_REST = 64 << 10;

  private static final int CLIENT_GONE = 499;

  private enum Phase {
    WAITING,
    ANSWERING,
    ENDED
  }

  private final ServerConnection connection;
  private final HttpRequest request;
  private final RequestBody body;
  private final String callId;
  private final long startedNanos = System.nanoTime();
  private final boolean http10;
  private final boolean headRequest;

  // Mutable state
  private @Nullable RequestHead head;
  private Routes.@Nullable Route route;
  private Phase phase = Phase.WAITING;
  private int status;
  private boolean keepAlive;
  private boolean stripped;
  private @Nullable ExchangePeer peer;
  private @Nullable Deadline expiry;
  private @Nullable Runnable expiryAction;
  private @Nullable IntConsumer abort;

  ServerExchange(ServerConnection connection, HttpRequest request, boolean keepAlive) {
    this.connection = connection;
    this.request = request;
    this.body = new RequestBody(connection, request);
    this.callId = CallIds.of(request.headers(), connection.loop());
    this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    this.headRequest = request.method().equals(HttpMethod.HEAD);
    this.keepAlive = keepAlive && HttpUtil.isKeepAlive(request);
  }

  /** Finds out who answers. */
  void begin() {
    HttpException violation = RequestRules.violation(request, connection.server().config());
    if (violation != null) {
      keepAlive = false;
      fail(violation);
      return;
    }
    try {
      RequestHead parsed = new RequestHead(request, connection);
      head = parsed;
      body.rule();
      Dispatch.dispatch(this, parsed, connection.server().routes());
    } catch (HttpException e) {
      keepAlive = false;
      fail(e);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  void route(Routes.Route found) {
    route = found;
  }

  // ---- what the connection tells

  void bodyPart(HttpContent part) {
    if (phase == Phase.ENDED) {
      part.release();
      return;
    }
    HttpException violation = body.arrived(part);
    if (violation != null) {
      refuse(violation);
    }
  }

  void partsPaused() {
    if (peer != null) {
      peer.partsPaused();
    }
  }

  void writabilityChanged() {
    if (peer != null) {
      peer.clientWritabilityChanged();
    }
  }

  /** The connection has ended. */
  void clientGone() {
    body.discard();
    if (phase != Phase.ENDED) {
      int seen = phase == Phase.ANSWERING ? status : CLIENT_GONE;
      phase = Phase.ENDED;
      observe(seen);
      tellAborted(0);
    }
  }

  /** The request turned out bad while its body arrived. */
  void refuse(HttpException violation) {
    keepAlive = false;
    if (phase == Phase.ANSWERING) {
      connection.close();
    } else if (phase == Phase.WAITING) {
      ExchangePeer working = peer;
      IntConsumer waiting = abort;
      fail(violation);
      tell(working, waiting, status);
    }
  }

  private void tellAborted(int seen) {
    ExchangePeer working = peer;
    IntConsumer waiting = abort;
    peer = null;
    abort = null;
    tell(working, waiting, seen);
  }

  private static void tell(
      @Nullable ExchangePeer working, @Nullable IntConsumer waiting, int seen) {
    if (working != null) {
      working.aborted(seen);
    } else if (waiting != null) {
      waiting.accept(seen);
    }
  }

  void tick() {
    Deadline deadline = expiry;
    Runnable action = expiryAction;
    if (deadline != null && action != null && deadline.expired()) {
      expiry = null;
      expiryAction = null;
      action.run();
    }
  }

  boolean wantsBody() {
    return body.wanted();
  }

  boolean bodyComplete() {
    return body.complete();
  }

  boolean keepsConnection() {
    return keepAlive;
  }

  boolean restIsSmall() {
    return body.restAtMost(SMALL_REST);
  }

  void closeAfterAnswer() {
    keepAlive = false;
  }

  // ---- for the peer

  ServerConnection connection() {
    return connection;
  }

  RequestBody body() {
    return body;
  }

  HttpRequest request() {
    return request;
  }

  /**
   * The request's headers without those of the client's connection. Stripped before the gateway
   * adds its own, so that a client can't take those away by naming them in {@code Connection}.
   */
  HttpHeaders forwardable() {
    if (!stripped) {
      stripped = true;
      HopByHop.stripRequest(request.headers());
    }
    return request.headers();
  }

  boolean http10() {
    return http10;
  }

  void attach(ExchangePeer worker) {
    if (phase == Phase.ENDED) {
      worker.aborted(status);
    } else {
      peer = worker;
    }
  }

  void detach() {
    peer = null;
  }

  boolean ended() {
    return phase == Phase.ENDED;
  }

  boolean waiting() {
    return phase == Phase.WAITING;
  }

  // ---- the answer

  /** Writes an informational answer (1xx) at once; a client of HTTP/1.0 doesn't know them. */
  void interim(HttpResponseStatus code, HttpHeaders headers) {
    if (phase == Phase.WAITING && !http10) {
      connection.write(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              code,
              Unpooled.EMPTY_BUFFER,
              headers,
              EmptyHttpHeaders.INSTANCE));
      connection.flush();
    }
  }

  /** Writes a whole answer and ends the exchange. Takes over the content. */
  void answerWhole(FullHttpResponse response) {
    if (phase != Phase.WAITING) {
      response.release();
      return;
    }
    prepare(response, response.content().readableBytes());
    connection.write(response);
    end();
  }

  /** Begins an answer in parts. */
  void answerHead(HttpResponse response) {
    if (phase == Phase.WAITING) {
      prepare(response, /* length= */ -1);
      phase = Phase.ANSWERING;
      connection.write(response);
    }
  }

  /** Writes a part and ends the exchange with the last one. Takes over the content. */
  void answerPart(HttpContent part) {
    if (phase != Phase.ANSWERING) {
      part.release();
      return;
    }
    boolean last = part instanceof LastHttpContent;
    connection.write(part);
    if (last) {
      end();
    }
  }

  /** Writes a part that is not the last; {@code taken} runs when it is sent or dropped. */
  void answerPart(HttpContent part, Runnable taken) {
    if (phase == Phase.ANSWERING) {
      connection.write(part, taken);
    } else {
      part.release();
      taken.run();
    }
  }

  /** Cuts off an answer that cannot be completed. The peer is not told. */
  void cut() {
    peer = null;
    abort = null;
    connection.close();
  }

  private void prepare(HttpResponse response, long length) {
    status = response.status().code();
    keepAlive = AnswerFraming.prepare(response, length, http10, headRequest, keepAlive);
    connection.encoder().answersHead(headRequest);
  }

  private void end() {
    phase = Phase.ENDED;
    peer = null;
    abort = null;
    expiry = null;
    expiryAction = null;
    observe(status);
    body.discard();
    connection.exchangeEnded(this);
  }

  private void observe(int seen) {
    connection
        .server()
        .observer()
        .ended(
            route == null ? "other" : route.family(),
            MethodNames.known(request.method().name()),
            seen,
            System.nanoTime() - startedNanos);
  }

  // ---- StreamExchange

  @Override
  public RequestHead head() {
    if (head == null) {
      throw new IllegalStateException("the request's head is not parsed");
    }
    return head;
  }

  @Override
  public String callId() {
    return callId;
  }

  @Override
  public String remainder() {
    return route == null ? "" : route.pattern().remainder(head().rawPath());
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public Executor loop() {
    return connection.loop().loop();
  }

  @Override
  public HeaderEditor forwardHeaders() {
    return new HeaderEditor(forwardable());
  }

  @Override
  public void expireAt(Deadline deadline, Runnable action) {
    expiry = deadline;
    expiryAction = action;
  }

  @Override
  public void onAbort(IntConsumer action) {
    abort = action;
  }

  @Override
  public void later(Duration pause, Runnable action) {
    var _ =
        connection
            .loop()
            .loop()
            .schedule(
                () -> {
                  if (phase != Phase.ENDED) {
                    action.run();
                  }
                },
                pause.toNanos(),
                TimeUnit.NANOSECONDS);
  }

  @Override
  public void proxy(Upstream upstream, String target, ProxyListener listener) {
    new ProxyCall(this, upstream, target, listener).start();
  }

  @Override
  public void cancelProxy() {
    if (peer instanceof ProxyCall call) {
      call.cancel();
    }
  }

  @Override
  public void readWhole(int limit, Consumer<byte[]> whole, IntConsumer aborted) {
    if (body.empty()) {
      whole.accept(new byte[0]);
    } else {
      WholeBody.read(this, limit, whole, aborted);
    }
  }

  @Override
  public void block(ExchangeHandler handler) {
    Routes.Route found = route;
    if (found == null) {
      throw new IllegalStateException("the exchange has no route");
    }
    BlockingExchange.start(this, head(), found.pattern(), handler);
  }

  @Override
  public void respond(Answer answer) {
    if (phase != Phase.WAITING) {
      return;
    }
    keepAlive = keepAlive && (body.complete() || body.restAtMost(SMALL_REST));
    answerWhole(AnswerFraming.toNetty(answer));
  }

  @Override
  public void fail(Throwable failure) {
    if (phase == Phase.WAITING) {
      respond(mapped(failure));
    } else if (phase == Phase.ANSWERING) {
      connection.close();
    }
  }

  /** The answer to a failure; there is always one. */
  Answer mapped(Throwable failure) {
    try {
      return connection.server().errors().answer(head, callId, failure);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the error mapper failed", e);
      return ErrorMapper.PLAIN.answer(head, callId, failure);
    }
  }
}
