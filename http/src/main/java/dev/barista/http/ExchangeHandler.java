package dev.barista.http;

/**
 * Answers a request in plain blocking code, on a virtual thread of its own. It must answer; what it
 * throws before goes to the {@link ErrorMapper}, what it throws after closes the connection.
 */
@FunctionalInterface
public interface ExchangeHandler {
  void handle(Exchange exchange) throws Exception;
}
