package dev.barista.http;

import java.util.Queue;

/** Tells how an exchange's attempts end, and answers where no replica has. */
final class OutcomeListener implements ProxyListener {

  private final StreamExchange exchange;
  private final Queue<ProxyOutcome> outcomes;

  OutcomeListener(StreamExchange exchange, Queue<ProxyOutcome> outcomes) {
    this.exchange = exchange;
    this.outcomes = outcomes;
  }

  @Override
  public void answering(int status, HeaderEditor headers) {
    headers.set("X-Gateway", "seen");
  }

  @Override
  public void ended(ProxyOutcome outcome) {
    outcomes.add(outcome);
    switch (outcome) {
      case ProxyOutcome.NotSent _ -> exchange.respond(Answer.text(503, "not sent"));
      case ProxyOutcome.Unreached _ -> exchange.respond(Answer.text(504, "late"));
      case ProxyOutcome.Broken(Throwable _, boolean started) -> {
        if (!started) {
          exchange.respond(Answer.text(502, "broken"));
        }
      }
      case ProxyOutcome.Cancelled(boolean started) -> {
        if (!started) {
          exchange.respond(Answer.text(504, "late"));
        }
      }
      case ProxyOutcome.Answered _, ProxyOutcome.Aborted _ -> {}
    }
  }
}
