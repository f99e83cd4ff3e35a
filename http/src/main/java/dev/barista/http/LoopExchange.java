package dev.barista.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;

import dev.barista.concurrency.Deadline;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What a handler on the event loop sees of an exchange. */
final class LoopExchange implements StreamExchange {

  private final ServerExchange exchange;

  LoopExchange(ServerExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public RequestHead head() {
    return exchange.head();
  }

  @Override
  public String callId() {
    return exchange.callId();
  }

  @Override
  public String remainder() {
    return exchange.route().pattern().remainder(head().rawPath());
  }

  @Override
  public long startedNanos() {
    return exchange.startedNanos();
  }

  @Override
  public Executor loop() {
    return exchange.connection().loop().loop();
  }

  @Override
  public int loopIndex() {
    return exchange.connection().loop().index();
  }

  @Override
  public HeaderEditor forwardHeaders() {
    return new HeaderEditor(exchange.forwardable());
  }

  @Override
  public void expireAt(Deadline deadline, Runnable action) {
    exchange.expiry().set(deadline, action);
  }

  @Override
  public void onAbort(IntConsumer action) {
    exchange.onAbort(action);
  }

  @Override
  public void later(Duration pause, Runnable action) {
    Runnable unlessEnded =
        () -> {
          if (!exchange.answer().over()) {
            action.run();
          }
        };
    var _ =
        exchange
            .connection()
            .loop()
            .loop()
            .schedule(unlessEnded, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void proxy(Upstream upstream, String target, ProxyListener listener) {
    new ProxyCall(exchange, upstream, target, listener).start();
  }

  @Override
  public void cancelProxy() {
    if (exchange.peer() instanceof UpstreamPeer call) {
      call.cancel();
    }
  }

  @Override
  public void readWhole(int limit, Consumer<byte[]> whole, IntConsumer aborted) {
    if (exchange.body().empty()) {
      whole.accept(new byte[0]);
    } else {
      WholeBody.read(exchange, limit, whole, aborted);
    }
  }

  @Override
  public void measureBody(int limit, Runnable then, IntConsumer aborted) {
    RequestBody body = exchange.body();
    if (body.empty() || !exchange.request().headers().contains(TRANSFER_ENCODING)) {
      then.run();
      return;
    }
    WholeBody.read(
        exchange,
        limit,
        whole -> {
          body.unread(new DefaultLastHttpContent(Unpooled.wrappedBuffer(whole)));
          exchange.forwardable().remove(TRANSFER_ENCODING);
          exchange.forwardable().set(CONTENT_LENGTH, Integer.toString(whole.length));
          then.run();
        },
        aborted);
  }

  @Override
  public Duplex duplex(DuplexListener listener) {
    Duplex duplex = new Duplex(exchange, listener);
    duplex.attach();
    return duplex;
  }

  @Override
  public void block(ExchangeHandler handler) {
    BlockingExchange.start(exchange, head(), exchange.route().pattern(), handler);
  }

  @Override
  public void respond(Answer answer) {
    exchange.respond(answer);
  }

  @Override
  public void fail(Throwable failure) {
    exchange.fail(failure);
  }
}
