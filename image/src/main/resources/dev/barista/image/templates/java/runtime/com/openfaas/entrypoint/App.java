package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IHandler;
import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;

/** Serves a handler over HTTP, each call on a virtual thread of its own. */
public final class App {

  private static final String FAILED = "the function raised an exception: see its log\n";
  private static final int DRAIN_SECONDS = 30;

  /** What serves a call: the function itself, or this class around it. */
  private interface Server {
    void serve(HttpExchange exchange) throws Exception;
  }

  private final Server handler;

  private App(Server handler) {
    this.handler = handler;
  }

  public static void main(String[] args) throws Exception {
    setUp();
    App app =
        new App(
            switch (handler()) {
              case HttpHandler own -> exchange -> own.handle(exchange);
              case IHandler simple -> exchange -> answer(exchange, simple.Handle(request(exchange)));
              case Object other ->
                  throw new IllegalStateException(
                      other.getClass() + " is neither an AbstractHandler nor an HttpHandler");
            });
    String socket = System.getenv().getOrDefault("BARISTA_SOCKET", "");
    if (socket.isEmpty()) {
      app.listenOnPort();
    } else {
      var server = new UnixServer(Path.of(socket), app::serve);
      atTheEnd(() -> server.stop(DRAIN_SECONDS));
      server.run();
    }
  }

  private void listenOnPort() throws IOException {
    String host = System.getenv().getOrDefault("BARISTA_HOST", "127.0.0.1");
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), /* backlog= */ 1024);
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    atTheEnd(() -> server.stop(DRAIN_SECONDS));
    server.start();
  }

  private static void atTheEnd(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(action, "drain"));
  }

  /** The gateway keeps its connections, so closing idle ones would only fail calls. */
  private static void setUp() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.idleInterval", "86400");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
  }

  /** The one that is named as a service, else the class com.openfaas.function.Handler. */
  private static Object handler() throws ReflectiveOperationException {
    for (AbstractHandler found : ServiceLoader.load(AbstractHandler.class)) {
      return found;
    }
    Class<?> type = Class.forName("com.openfaas.function.Handler");
    return type.getDeclaredConstructor().newInstance();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        handler.serve(exchange);
      } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
        System.err.println("handler failed for " + exchange.getRequestURI().getRawPath());
        e.printStackTrace();
        if (exchange.getResponseCode() == -1) {
          send(exchange, 500, "text/plain; charset=utf-8", FAILED.getBytes(UTF_8));
        }
      }
    }
  }

  private static Request request(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    return new Request(
        new String(exchange.getRequestBody().readAllBytes(), UTF_8),
        headers,
        exchange.getRequestURI().getRawQuery(),
        exchange.getRequestURI().getRawPath());
  }

  private static void answer(HttpExchange exchange, IResponse response) throws IOException {
    response.getHeaders().forEach(exchange.getResponseHeaders()::set);
    String body = response.getBody();
    String type = response.getContentType();
    send(
        exchange,
        response.getStatusCode(),
        type == null ? "" : type,
        body == null ? new byte[0] : body.getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    if (!type.isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", type);
    }
    boolean bodiless = status == 204 || status == 304 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, body.length == 0 || bodiless ? -1 : body.length);
    if (!bodiless && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
