package dev.barista.watchdog;

import dev.barista.http.RequestHead;
import dev.barista.http.StreamExchange;
import java.util.function.IntConsumer;

/**
 * One call to the function.
 *
 * @param exchange whose body is not read yet
 * @param rawPath what the function is asked for, percent-encoded: the exchange's own, or that of a
 *     look at its readiness
 * @param rawQuery without '?', may be empty
 * @param ended to be called once, on any thread, with the status of the answer when it is handed
 *     over
 */
record Call(StreamExchange exchange, String rawPath, String rawQuery, IntConsumer ended) {

  static Call of(StreamExchange exchange, IntConsumer ended) {
    RequestHead head = exchange.head();
    return new Call(exchange, head.rawPath(), head.rawQuery(), ended);
  }

  RequestHead head() {
    return exchange.head();
  }

  /** As a request line has it. */
  String target() {
    return rawQuery.isEmpty() ? rawPath : rawPath + "?" + rawQuery;
  }
}
