package dev.barista.http;

import dev.barista.concurrency.Deadline;
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
    if (exchange.peer() instanceof ProxyCall call) {
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
