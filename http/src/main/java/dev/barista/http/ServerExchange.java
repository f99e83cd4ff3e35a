package dev.barista.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its connection's event loop: its body on the way in, its {@link ClientAnswer} on
 * the way out, and who works on it. Handlers see it through {@link LoopExchange} or {@link
 * BlockingExchange}.
 */
final class ServerExchange {

  private static final System.Logger LOG = System.getLogger(ServerExchange.class.getName());

  /** A body's rest up to this size is read and dropped to keep the connection. */
  private static final long SMALL_REST = 64 << 10;

  private static final int CLIENT_GONE = 499;

  private final ServerConnection connection;
  private final HttpRequest request;
  private final RequestBody body;
  private final ClientAnswer answer;
  private final Expiry expiry = new Expiry();
  private final String callId;
  private final long startedNanos = System.nanoTime();

  // Mutable state
  private @Nullable RequestHead head;
  private Routes.@Nullable Route route;
  private boolean stripped;
  private @Nullable ExchangePeer peer;
  private @Nullable IntConsumer abort;

  ServerExchange(ServerConnection connection, HttpRequest request, boolean keepAlive) {
    this.connection = connection;
    this.request = request;
    this.answer = new ClientAnswer(connection, request, keepAlive, this::answerEnded);
    this.body = new RequestBody(connection, request, answer);
    this.callId = CallIds.of(request.headers(), connection.loop());
  }

  /** Finds out who answers. */
  void begin() {
    HttpException violation = RequestRules.violation(request, connection.server().config());
    if (violation != null) {
      answer.closeAfterwards();
      fail(violation);
      return;
    }
    try {
      RequestHead parsed = new RequestHead(request, connection, callId);
      head = parsed;
      if (parsed.webSocket()) {
        connection.decoder().hold();
      }
      body.rule(parsed);
      Dispatch.dispatch(this, parsed, connection.server().routes());
    } catch (HttpException e) {
      answer.closeAfterwards();
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
    if (answer.over()) {
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
    if (!answer.over()) {
      int seen = answer.begun() ? answer.status() : CLIENT_GONE;
      answer.abandon();
      expiry.clear();
      observe(seen);
      tellAborted(0, null);
    }
  }

  /** The request turned out bad while its body arrived. */
  void refuse(HttpException violation) {
    answer.closeAfterwards();
    if (answer.begun()) {
      connection.close();
    } else if (answer.waiting()) {
      ExchangePeer working = peer;
      IntConsumer waiting = abort;
      fail(violation);
      tell(working, waiting, answer.status(), violation);
    }
  }

  private void tellAborted(int seen, @Nullable HttpException refusal) {
    ExchangePeer working = peer;
    IntConsumer waiting = abort;
    peer = null;
    abort = null;
    tell(working, waiting, seen, refusal);
  }

  private static void tell(
      @Nullable ExchangePeer working,
      @Nullable IntConsumer waiting,
      int seen,
      @Nullable HttpException refusal) {
    if (working != null) {
      working.aborted(seen, refusal);
    } else if (waiting != null) {
      waiting.accept(seen);
    }
  }

  void tick() {
    expiry.tick();
  }

  boolean bodyComplete() {
    return body.complete();
  }

  boolean restIsSmall() {
    return body.restAtMost(SMALL_REST);
  }

  // ---- for who works on it

  ServerConnection connection() {
    return connection;
  }

  HttpRequest request() {
    return request;
  }

  RequestBody body() {
    return body;
  }

  ClientAnswer answer() {
    return answer;
  }

  Expiry expiry() {
    return expiry;
  }

  RequestHead head() {
    if (head == null) {
      throw new IllegalStateException("the request's head is not parsed");
    }
    return head;
  }

  Routes.Route route() {
    if (route == null) {
      throw new IllegalStateException("the exchange has no route");
    }
    return route;
  }

  String callId() {
    return callId;
  }

  long startedNanos() {
    return startedNanos;
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

  void attach(ExchangePeer worker) {
    if (answer.over()) {
      worker.aborted(answer.status(), null);
    } else {
      peer = worker;
    }
  }

  void detach() {
    peer = null;
  }

  @Nullable ExchangePeer peer() {
    return peer;
  }

  void onAbort(IntConsumer action) {
    abort = action;
  }

  // ---- ends

  /** Answers in one piece; a body that the client still sends is dropped. */
  void respond(Answer whole) {
    if (answer.waiting()) {
      if (!body.restAtMost(SMALL_REST)) {
        answer.closeAfterwards();
      }
      answer.whole(AnswerFraming.toNetty(whole));
    }
  }

  /** Answers with what the mapper makes of it; closes an answer that has begun. */
  void fail(Throwable failure) {
    if (answer.waiting()) {
      respond(mapped(failure));
    } else if (answer.begun()) {
      connection.close();
    }
  }

  /** Cuts off an answer that cannot be completed. The peer is not told. */
  void cut() {
    peer = null;
    abort = null;
    connection.close();
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

  private void answerEnded(int status) {
    peer = null;
    abort = null;
    expiry.clear();
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
}
