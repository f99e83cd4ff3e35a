package dev.barista.gateway.invoke;

import dev.barista.concurrency.GoDuration;
import dev.barista.http.RequestHead;
import dev.barista.provider.spi.InvocationPolicy;
import java.time.Duration;
import java.util.Optional;

/** How long a function's own rules let a call take; zero = no limit of the function's. */
final class FunctionTime {

  private FunctionTime() {}

  /** Of an answer that has an end. A client may ask for less time, as of of-watchdog. */
  static Duration ofAnswer(RequestHead head, InvocationPolicy policy) {
    Duration most = policy.execTimeout();
    return !policy.replacesWatchdog()
        ? most
        : head.header("X-Timeout")
            .flatMap(GoDuration::parse)
            .filter(asked -> asked.isPositive() && (most.isZero() || asked.compareTo(most) <= 0))
            .orElse(most);
  }

  /** Of the wait for a turn. */
  static Duration ofTurn(RequestHead head, InvocationPolicy policy) {
    return streams(head) ? Duration.ZERO : ofAnswer(head, policy);
  }

  /**
   * An event stream or a WebSocket has no end to wait for; only {@code upstream_timeout} bounds it.
   */
  static boolean streams(RequestHead head) {
    if (head.webSocket()) {
      return true;
    }
    Optional<String> accept = head.header("Accept");
    return accept.isPresent()
        && (accept.get().contains("text/event-stream")
            || accept.get().contains("application/x-ndjson"));
  }
}
