package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry with fixed answers, and what reaches it by the JDK's own client. */
final class FakeRegistry implements AutoCloseable {

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fixed(int status, Map<String, String> headers, byte[] body) {
    static Fixed of(int status, String body) {
      return new Fixed(status, Map.of(), body.getBytes(UTF_8));
    }
  }

  private final HttpServer server;
  private final Map<String, Fixed> answers = new ConcurrentHashMap<>();

  /** Method, path and authorization of each request. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** A request must have this, when it isn't empty; else the challenge is the answer. */
  volatile String wanted = "";

  volatile String challenge = "";

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  FakeRegistry answers(String path, Fixed answer) {
    answers.put(path, answer);
    return this;
  }

  FakeRegistry answers(String path, byte[] body) {
    return answers(path, new Fixed(200, Map.of(), body));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().toString();
      String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      asked.add(exchange.getRequestMethod() + " " + path + " " + authorization);
      boolean refused =
          path.startsWith("/v2/") && !wanted.isEmpty() && !wanted.equals(authorization);
      Fixed answer =
          refused
              ? new Fixed(401, Map.of("WWW-Authenticate", challenge), new byte[0])
              : answers.getOrDefault(path, Fixed.of(404, "{}"));
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  /** Sends without following redirects. */
  static RegistryTransport transport() {
    return call -> {
      HttpURLConnection connection = (HttpURLConnection) call.uri().toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod(call.method());
      call.headers().forEach(connection::setRequestProperty);
      Map<String, String> headers = new TreeMap<>();
      int status = connection.getResponseCode();
      connection
          .getHeaderFields()
          .forEach(
              (name, values) -> {
                if (name != null) {
                  headers.put(name.toLowerCase(Locale.ROOT), values.getFirst());
                }
              });
      InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      return new RegistryTransport.Answer(
          status, headers, body == null ? InputStream.nullInputStream() : body);
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
