package dev.barista.gateway.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Headers;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.testkit.FakeProvider.Start;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvocationTest {

  private static final ExchangeHandler OK = exchange -> exchange.respond(Answer.text(200, "ok"));

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private TestPlane plane = newPlane(UnaryOperator.identity());

  private static TestPlane newPlane(UnaryOperator<InvokeConfig> settings) {
    try {
      return new TestPlane(settings);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Replaces the plane by one with other settings. */
  private void settings(UnaryOperator<InvokeConfig> settings) {
    plane.close();
    plane = newPlane(settings);
  }

  @AfterEach
  void stop() {
    plane.close();
    clients.close();
  }

  private List<Future<String>> callAtOnce(int count, Callable<String> call) {
    List<Future<String>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(clients.submit(call));
    }
    return calls;
  }

  private void policy(Duration execTimeout, int maxInflight, boolean durationHeader) {
    plane.provider().withPolicy(new InvocationPolicy(execTimeout, maxInflight, durationHeader));
  }

  private static void describe(Exchange exchange) throws IOException {
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

  @Test
  void answerWithoutType_hasThatOfTheRequestElseText() throws Exception {
    plane.deploy(plane.replica(exchange -> exchange.respond(200, Headers.EMPTY, new byte[0])));

    assertThat(plane.get("/function/f"))
        .contains("Content-Type: text/plain\r\n", "X-Served-By: barista/test\r\n");
    assertThat(plane.call("POST", "/function/f", "Content-Type: text/csv\r\n", "a,b"))
        .contains("Content-Type: text/csv\r\n");
    plane.assertAtRest(2);
  }

  @Test
  void callerThatNamesTheGatewaysHeadersInConnection_doesNotTakeThemAway() throws Exception {
    plane.deploy(plane.replica(InvocationTest::describe));

    String answer =
        plane.call("GET", "/function/f", "Connection: X-Call-Id, X-Forwarded-For\r\n", "");

    assertThat(answer.substring(answer.indexOf("\r\n\r\n")))
        .contains("X-Forwarded-For: 127.0.0.1:", "X-Call-Id: ");
    plane.assertAtRest(1);
  }

  @Test
  void call_isPassedOnWithTheGatewaysHeaders() throws Exception {
    Endpoint replica = plane.replica(InvocationTest::describe);
    plane.deploy(replica);

    String answer =
        plane.call("PUT", "/function/f.openfaas-fn/a%2Fb?x=%20;&y", "X-A: 1\r\n", "body");

    int port = ((InetSocketAddress) replica.address()).getPort();
    assertThat(answer)
        .startsWith("HTTP/1.1 201 ")
        .contains("X-Own: 1", "X-Start-Time: 1767323045000000006\r\n", "PUT /a%2Fb?x=%20;&y\n")
        .contains("Host: 127.0.0.1:" + port + "\n", "X-Forwarded-Host: gw:1\n", "X-A: 1\n")
        .contains("X-Start-Time: 1767323045000000006\n", "User-Agent: barista-gateway/test\n")
        .containsPattern("X-Forwarded-For: 127.0.0.1:\\d+\n")
        .containsPattern("X-Call-Id: [0-9a-f-]{36}\r\n")
        .endsWith("body");
    plane.assertAtRest(1);
    assertThat(plane.ended(201)).isEqualTo(1);
  }

  @Test
  void clientsOwnHeaders_stay() throws Exception {
    plane.deploy(plane.replica(InvocationTest::describe));

    String answer =
        plane.call(
            "GET",
            "/function/f",
            "X-Call-Id: mine\r\nX-Forwarded-For: me\r\nX-Forwarded-Host: h\r\nUser-Agent: u\r\n",
            "");

    assertThat(answer)
        .contains("X-Call-Id: mine\r\n", "X-Call-Id: mine\n", "X-Forwarded-For: me\n")
        .contains("X-Forwarded-Host: h\n", "User-Agent: u\n", "GET /?\n");
  }

  @Test
  void unknownAndImpossibleNames_are404AndLeaveNoTrace() throws Exception {
    plane.deploy(plane.replica(OK));
    String before = functionSeries();

    for (String name :
        List.of(
            "g", "F", "f.other", "f.openfaas-fn.x", "", "%66", "f%00", "a".repeat(300), "f;x")) {
      assertThat(plane.get("/function/" + name))
          .as(name)
          .startsWith("HTTP/1.1 404 ")
          .contains("X-Call-Id: ", "unable to find function: ");
    }

    assertThat(functionSeries()).isEqualTo(before);
    assertThat(plane.call("GET", "/function/g", "Accept: application/json\r\n", ""))
        .contains("{\"code\":\"function_not_found\"");
  }

  private String functionSeries() {
    String all = plane.metrics().exposition();
    return all.substring(0, all.indexOf("# HELP http_"));
  }

  @Test
  void functionAtZero_isScaledUpOnceForEveryCaller() throws Exception {
    plane.deploy(plane.replica(OK));
    plane.provider().scale(TestPlane.NAME, 0);
    plane.provider().onStart("image", Start.HELD);
    int before = plane.provider().scaleCalls();

    List<Future<String>> calls = callAtOnce(50, () -> plane.get("/function/f"));
    await().atMost(Duration.ofSeconds(20)).until(() -> plane.pool().waiting() == 50);
    plane.provider().makeReady(TestPlane.NAME);

    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    assertThat(plane.provider().scaleCalls()).isEqualTo(before + 1);
    plane.assertAtRest(50);
  }

  @Test
  void failedStart_isToldAtOnceWithItsLastWords() throws Exception {
    plane.deploy(plane.replica(OK));
    plane.provider().scale(TestPlane.NAME, 0);
    plane.provider().onStart("image", Start.HELD);
    List<Future<String>> calls = callAtOnce(3, () -> plane.get("/function/f"));
    await().atMost(Duration.ofSeconds(20)).until(() -> plane.pool().waiting() == 3);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> plane.provider().status(TestPlane.NAME).orElseThrow().desiredReplicas() == 1);

    plane.provider().failStart(TestPlane.NAME, "exit code 3", List.of("no module named x"));

    for (Future<String> call : calls) {
      assertThat(call.get())
          .startsWith("HTTP/1.1 502 ")
          .contains("X-Barista-Error: start_failed", "exit code 3", "no module named x");
    }
    plane.assertAtRest(0);
  }

  @Test
  void heldTooLong_is504WithTheReason() throws Exception {
    settings(c -> c.withTimeouts(c.upstreamTimeout(), Duration.ofMillis(100)));
    plane.provider().onStart("image", Start.HELD);
    plane.deploy(plane.replica(OK));

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 504 ")
        .contains("X-Barista-Error: start_timeout", "within 100 ms", "[start-timeout]");
    plane.assertAtRest(0);
  }

  @Test
  void fullLine_is503NamingTheSetting() throws Exception {
    settings(c -> c.withMaxHeldCalls(1));
    plane.provider().onStart("image", Start.HELD);
    plane.deploy(plane.replica(OK));
    List<Future<String>> first = callAtOnce(1, () -> plane.get("/function/f"));
    await().atMost(Duration.ofSeconds(20)).until(() -> plane.pool().waiting() == 1);

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 503 ")
        .contains("X-Barista-Error: queue_full", "Retry-After: 1\r\n", "[max-held-calls]")
        .contains("\r\n\r\npending request queue full: 1 calls wait already for f.openfaas-fn");

    plane.provider().makeReady(TestPlane.NAME);
    assertThat(first.getFirst().get()).endsWith("ok");
    plane.assertAtRest(1);
  }

  @Test
  void deletedWhileHeld_is404() throws Exception {
    plane.provider().onStart("image", Start.HELD);
    plane.deploy(plane.replica(OK));
    List<Future<String>> calls = callAtOnce(1, () -> plane.get("/function/f"));
    await().atMost(Duration.ofSeconds(20)).until(() -> plane.pool().waiting() == 1);

    plane.provider().delete(TestPlane.NAME);

    assertThat(calls.getFirst().get()).startsWith("HTTP/1.1 404 ");
    assertThat(functionSeries()).doesNotContain("f.openfaas-fn");
  }

  @Test
  void concurrencyLimitWithoutALine_is429InTheWatchdogsWords() throws Exception {
    plane.annotations(Map.of(CallRules.QUEUE_SIZE, "0"));
    policy(Duration.ZERO, 1, /* durationHeader= */ true);
    CountDownLatch running = new CountDownLatch(1);
    Semaphore finish = new Semaphore(0);
    plane.deploy(
        plane.replica(
            exchange -> {
              running.countDown();
              finish.acquire();
              OK.handle(exchange);
            }));
    List<Future<String>> first = callAtOnce(1, () -> plane.get("/function/f"));
    running.await();

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 429 ")
        .contains("X-OpenFaaS-Internal: faas-middleware\r\n")
        .endsWith("\r\n\r\nConcurrent request limit exceeded. Max concurrent requests: 1\n");
    finish.release();

    assertThat(first.getFirst().get()).containsPattern("X-Duration-Seconds: \\d+\\.\\d{6}\r\n");
    plane.assertAtRest(2);
    assertThat(plane.ended(429)).isEqualTo(1);
  }

  @Test
  void callsHeldBeforeAStart_takeTurnsAtTheLimitInsteadOfBeingRefused() throws Exception {
    policy(Duration.ZERO, 1, /* durationHeader= */ false);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    plane.provider().onStart("image", Start.HELD);
    plane.deploy(
        plane.replica(
            exchange -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              running.decrementAndGet();
              OK.handle(exchange);
            }));
    List<Future<String>> calls = callAtOnce(20, () -> plane.get("/function/f"));
    await().atMost(Duration.ofSeconds(20)).until(() -> plane.pool().waiting() == 20);

    plane.provider().makeReady(TestPlane.NAME);

    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    assertThat(most).hasValue(1);
    plane.assertAtRest(20);
  }

  private static void never(Exchange exchange) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    exchange.onClientGone(gone::countDown);
    gone.await();
  }

  @Test
  void execTimeout_is504() throws Exception {
    policy(Duration.ofMillis(100), 0, /* durationHeader= */ true);
    plane.deploy(plane.replica(InvocationTest::never));

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 504 ")
        .contains("X-Barista-Error: exec_timeout", "[exec_timeout]", "X-Duration-Seconds: 0.1");
    plane.assertAtRest(1);
  }

  @Test
  void upstreamTimeout_is504AndBoundsAlsoEventStreams() throws Exception {
    settings(c -> c.withTimeouts(Duration.ofMillis(200), c.holdLimit().time()));
    policy(Duration.ofMillis(1), 0, /* durationHeader= */ false);
    plane.deploy(plane.replica(InvocationTest::never));

    assertThat(plane.call("GET", "/function/f", "Accept: text/event-stream\r\n", ""))
        .startsWith("HTTP/1.1 504 ")
        .contains("X-Barista-Error: upstream_timeout", "within 200 ms");
    plane.assertAtRest(1);
  }

  @Test
  void timeoutDuringTheAnswer_cutsItOff() throws Exception {
    policy(Duration.ofMillis(100), 0, /* durationHeader= */ false);
    plane.deploy(
        plane.replica(
            exchange -> {
              exchange.respond(200, Headers.EMPTY).flush();
              never(exchange);
            }));

    assertThat(plane.get("/function/f")).startsWith("HTTP/1.1 200 ").doesNotEndWith("0\r\n\r\n");
    plane.assertAtRest(1);
    assertThat(plane.ended(504)).isEqualTo(1);
  }

  @Test
  void clientThatLeaves_isCountedAs502() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    plane.deploy(
        plane.replica(
            exchange -> {
              running.countDown();
              never(exchange);
            }));
    try (Socket socket = plane.connect()) {
      TestPlane.send(socket, "GET", "/function/f", "", "");
      running.await();
    }

    plane.assertAtRest(1);
    assertThat(plane.ended(502)).isEqualTo(1);
  }

  @Test
  void replicaThatDies_is502() throws Exception {
    try (ServerSocket dying = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var _ =
          clients.submit(
              () -> {
                try (Socket socket = dying.accept()) {
                  return socket.getInputStream().read();
                }
              });
      plane.deploy(new Endpoint(dying.getLocalSocketAddress()));

      assertThat(plane.get("/function/f"))
          .startsWith("HTTP/1.1 502 ")
          .contains("X-Barista-Error: replica_failed");
    }
    plane.assertAtRest(1);
  }

  @Test
  void refusedConnection_goesToAnotherReplica() throws Exception {
    Endpoint alive = plane.replica(OK);
    Endpoint dead = deadEndpoint();
    AtomicInteger made = new AtomicInteger();
    plane.provider().withEndpoints((_, _) -> made.getAndIncrement() == 0 ? dead : alive);
    plane.provider().deploy(FunctionSpec.of(TestPlane.NAME, "image"));
    plane.provider().scale(TestPlane.NAME, 2);

    for (int i = 0; i < 20; i++) {
      assertThat(plane.call("POST", "/function/f", "", "x")).endsWith("ok");
    }
    plane.assertAtRest(20);
    assertThat(plane.ended(200)).isEqualTo(20);
  }

  @Test
  void replicaThatJustLeft_isReplacedWithoutAFailure() throws Exception {
    Endpoint alive = plane.replica(OK);
    plane.deploy(deadEndpoint());
    ReplicaId dead =
        plane.provider().status(TestPlane.NAME).orElseThrow().replicas().getFirst().id();
    List<Future<String>> calls = callAtOnce(3, () -> plane.get("/function/f"));

    plane.provider().withEndpoint(alive);
    plane.provider().crash(TestPlane.NAME, dead);

    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    plane.assertAtRest(3);
  }

  @Test
  void noReplicaThatAccepts_is502AfterItsPatience() throws Exception {
    plane.deploy(deadEndpoint());

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 502 ")
        .contains("no replica of f.openfaas-fn accepts a connection");
    plane.assertAtRest(1);
  }

  @Test
  void replicaWhoseLineIsFull_isWaitedFor(@TempDir Path folder) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address, /* backlog= */ 1);
      plane.deploy(new Endpoint(address));
      List<Future<String>> calls = callAtOnce(10, () -> plane.get("/function/f"));
      await().atMost(Duration.ofSeconds(20)).until(() -> plane.pool().metrics().started() == 10);

      for (int i = 0; i < calls.size(); i++) {
        SocketChannel connection = listener.accept();
        var _ = clients.submit(() -> answerOnce(connection));
      }

      for (Future<String> call : calls) {
        assertThat(call.get()).endsWith("ok");
      }
    }
    plane.assertAtRest(10);
  }

  private static @Nullable Void answerOnce(SocketChannel connection) throws IOException {
    try (connection) {
      connection.read(ByteBuffer.allocate(10_000));
      connection.write(
          ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(UTF_8)));
      connection.shutdownOutput();
      connection.read(ByteBuffer.allocate(1));
      return null;
    }
  }

  private static Endpoint deadEndpoint() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint(closed.getLocalSocketAddress());
    }
  }

  @Test
  void update_failsNoCallAndDrainsTheOld() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Semaphore finish = new Semaphore(0);
    plane.deploy(
        plane.replica(
            exchange -> {
              running.countDown();
              finish.acquire();
              exchange.respond(Answer.text(200, "old"));
            }));
    List<Future<String>> old = callAtOnce(1, () -> plane.get("/function/f"));
    running.await();
    plane
        .provider()
        .withEndpoint(plane.replica(exchange -> exchange.respond(Answer.text(200, "new"))));

    plane.provider().update(FunctionSpec.of(TestPlane.NAME, "image"));

    assertThat(plane.get("/function/f")).endsWith("new");
    assertThat(plane.provider().status(TestPlane.NAME).orElseThrow().replicas()).hasSize(2);
    finish.release();
    assertThat(old.getFirst().get()).endsWith("old");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> plane.provider().status(TestPlane.NAME).orElseThrow().replicas().size() == 1);
    plane.assertAtRest(2);
  }

  @Test
  void otherNamespace_isOnlyFoundByItsSuffix() throws Exception {
    plane.provider().withEndpoint(plane.replica(OK));
    plane.provider().deploy(FunctionSpec.of(new FunctionName("g", "dev"), "image"));

    assertThat(plane.get("/function/g")).startsWith("HTTP/1.1 404 ");
    assertThat(plane.get("/function/g.dev")).endsWith("ok");
  }

  @Test
  void chaos_countsEveryCallOnceAndLeavesNothing() throws Exception {
    plane.annotations(Map.of(CallRules.QUEUE_SIZE, "0"));
    policy(Duration.ofMillis(300), 3, /* durationHeader= */ false);
    AtomicInteger turn = new AtomicInteger();
    plane.deploy(
        plane.replica(
            exchange -> {
              switch (turn.incrementAndGet() % 5) {
                case 0 -> never(exchange);
                case 1 -> throw new IllegalStateException("the function fails");
                default -> OK.handle(exchange);
              }
            }));
    int callers = 8;
    int callsEach = 40;
    List<Future<Integer>> done = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int seed = caller;
      done.add(
          clients.submit(
              () -> {
                for (int i = 0; i < callsEach; i++) {
                  chaoticCall(seed + i);
                }
                return callsEach;
              }));
    }
    for (int i = 0; i < 20; i++) {
      plane.provider().scale(TestPlane.NAME, i % 4);
    }
    plane.provider().scale(TestPlane.NAME, 2);
    for (Future<Integer> each : done) {
      each.get();
    }

    // A reset may overtake its own request, so fewer calls than were sent may have arrived.
    plane.assertAtRest();
    assertThat(plane.pool().metrics().started()).isLessThanOrEqualTo(320L);
  }

  private void chaoticCall(int kind) throws IOException {
    if (kind % 4 == 0) {
      try (Socket socket = plane.connect()) {
        TestPlane.send(socket, "POST", "/function/f", "", "x");
        if (kind % 8 == 0) {
          socket.setSoLinger(true, 0);
        }
      }
    } else {
      assertThat(plane.call("POST", "/function/f", "", "x")).startsWith("HTTP/1.1 ");
    }
  }
}
