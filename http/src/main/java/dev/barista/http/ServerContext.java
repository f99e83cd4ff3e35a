package dev.barista.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What all connections of a listener share. Thread-safe. */
final class ServerContext {

  private final HttpServerConfig config;
  private final Routes routes;
  private final ErrorMapper errors;
  private final RequestObserver observer;
  private final Runnable connectionClosed;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();

  ServerContext(
      HttpServerConfig config,
      Routes routes,
      ErrorMapper errors,
      RequestObserver observer,
      Runnable connectionClosed) {
    this.config = config;
    this.routes = routes;
    this.errors = errors;
    this.observer = observer;
    this.connectionClosed = connectionClosed;
  }

  HttpServerConfig config() {
    return config;
  }

  Routes routes() {
    return routes;
  }

  ErrorMapper errors() {
    return errors;
  }

  RequestObserver observer() {
    return observer;
  }

  void opened(ServerConnection connection) {
    connections.add(connection);
  }

  void closed(ServerConnection connection) {
    connections.remove(connection);
    connectionClosed.run();
  }

  /** Open connections at this instant. */
  Set<ServerConnection> connections() {
    return connections;
  }
}
