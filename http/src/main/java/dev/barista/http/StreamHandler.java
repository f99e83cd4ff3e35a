package dev.barista.http;

/**
 * Answers a request on the event loop of its connection; never blocks. What it throws before the
 * answer has started goes to the {@link ErrorMapper}.
 */
@FunctionalInterface
public interface StreamHandler {
  void handle(StreamExchange exchange);
}
