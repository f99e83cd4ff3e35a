package dev.barista.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers what a test told it to, in that order, and remembers what it was asked. */
public final class FakeGateway implements AutoCloseable {

  /** A request as it came. */
  public record Asked(
      String method,
      String path,
      Optional<String> authorization,
      String contentType,
      Headers headers,
      String body) {

    public String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  private record Answer(int status, String body, String header, String value) {}

  private final HttpServer server;
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  public FakeGateway() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Queues an answer. */
  public FakeGateway answers(int status, String body) {
    return answers(status, body, "", "");
  }

  /** Queues an answer with one header more. */
  public FakeGateway answers(int status, String body, String header, String value) {
    answers.add(new Answer(status, body, header, value));
    return this;
  }

  /** Queues an answer that leads elsewhere. */
  public FakeGateway redirects(String location) {
    return answers(302, "", "Location", location);
  }

  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().equals("/v2/")) {
        exchange.sendResponseHeaders(404, -1); // OpenFaaS's own has no registry
        return;
      }
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
              String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
              exchange.getRequestHeaders(),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      Answer answer =
          answers.isEmpty() ? new Answer(500, "no answer queued", "", "") : answers.remove();
      byte[] body = answer.body().getBytes(UTF_8);
      if (!answer.header().isEmpty()) {
        exchange.getResponseHeaders().set(answer.header(), answer.value());
      }
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
