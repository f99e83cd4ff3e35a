package dev.barista.gateway.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Headers;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.InvocationPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** The data plane on a fake provider, and callers of it. */
abstract class InvocationFixture {

  static final ExchangeHandler OK = exchange -> exchange.respond(Answer.text(200, "ok"));

  final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  TestPlane plane = newPlane(UnaryOperator.identity());

  static TestPlane newPlane(UnaryOperator<InvokeConfig> settings) {
    try {
      return new TestPlane(settings);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Replaces the plane by one with other settings. */
  void settings(UnaryOperator<InvokeConfig> settings) {
    plane.close();
    plane = newPlane(settings);
  }

  @AfterEach
  void stop() {
    plane.close();
    clients.close();
  }

  List<Future<String>> callAtOnce(int count, Callable<String> call) {
    List<Future<String>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(clients.submit(call));
    }
    return calls;
  }

  void policy(Duration execTimeout, int maxInflight, boolean durationHeader) {
    plane.provider().withPolicy(new InvocationPolicy(execTimeout, maxInflight, durationHeader));
  }

  static void describe(Exchange exchange) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(exchange.method()).append(' ').append(exchange.head().rawPath());
    text.append('?').append(exchange.head().rawQuery()).append('\n');
    exchange
        .head()
        .headers()
        .fields()
        .forEach(f -> text.append(f.name()).append(": ").append(f.value()).append('\n'));
    text.append(new String(exchange.body(1000), UTF_8));
    exchange.respond(201, Headers.of("X-Own", "1"), text.toString().getBytes(UTF_8));
  }

  String functionSeries() {
    String all = plane.metrics().exposition();
    return all.substring(0, all.indexOf("# HELP http_"));
  }

  /** A handler: has the call until its client leaves. */
  static void never(Exchange exchange) throws InterruptedException {
    CountDownLatch gone = new CountDownLatch(1);
    exchange.onClientGone(gone::countDown);
    gone.await();
  }

  /** As {@link #never}, and tells when it has a call. */
  static ExchangeHandler neverAfter(CountDownLatch running) {
    return exchange -> {
      running.countDown();
      never(exchange);
    };
  }

  /** Has its calls until the test lets one after the other go. */
  static final class Slow implements ExchangeHandler {
    final CountDownLatch running = new CountDownLatch(1);
    final Semaphore finish = new Semaphore(0);
    private final String answer;

    Slow(String answer) {
      this.answer = answer;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      running.countDown();
      finish.acquire();
      exchange.respond(Answer.text(200, answer));
    }
  }

  /** Where nobody listens. */
  static Endpoint dead() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint(closed.getLocalSocketAddress());
    }
  }

  /** A replica that takes one call and ends instead of answering. */
  ServerSocket dying() throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var _ =
        clients.submit(
            () -> {
              try (Socket socket = listener.accept()) {
                return socket.getInputStream().read();
              }
            });
    return listener;
  }
}
