package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.concurrency.NanoClock;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.http.StreamExchange;
import dev.barista.http.StreamHandler;
import java.time.InstantSource;

/** {@code /function/NAME[.NAMESPACE][/REST]}: the synchronous invocation. Thread-safe. */
public final class InvocationHandler implements StreamHandler {

  private static final int SHOWN_NAME = 130;

  private final ReplicaPools pools;
  private final InvocationContext context;

  /**
   * @param clock of what is told to clients and functions
   * @param timer of what ends calls
   */
  public InvocationHandler(
      ReplicaPools pools,
      ErrorAnswers errors,
      InvokeConfig config,
      InstantSource clock,
      NanoClock timer) {
    this.pools = pools;
    this.context = new InvocationContext(errors, config, clock, timer);
  }

  @Override
  public void handle(StreamExchange exchange) {
    String remainder = exchange.remainder();
    int slash = remainder.indexOf('/');
    String name = slash < 0 ? remainder : remainder.substring(0, slash);
    FunctionPool pool = pools.find(name);
    if (pool == null) {
      exchange.respond(context.errors().answer(exchange.head(), exchange.callId(), notFound(name)));
      return;
    }
    String rest = slash < 0 ? "/" : remainder.substring(slash);
    new Invocation(exchange, pool, rest, context).start();
  }

  private static FaasException notFound(String name) {
    String shown = name.length() > SHOWN_NAME ? name.substring(0, SHOWN_NAME) + "…" : name;
    return new FaasException(
        ErrorCode.FUNCTION_NOT_FOUND, "gateway", "unable to find function: " + shown);
  }
}
