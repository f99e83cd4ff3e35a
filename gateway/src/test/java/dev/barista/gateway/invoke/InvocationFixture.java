package dev.barista.gateway.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Headers;
import dev.barista.provider.spi.InvocationPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  static void never(Exchange exchange) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    exchange.onClientGone(gone::countDown);
    gone.await();
  }
}
