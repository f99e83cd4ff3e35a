package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.http.Headers;
import dev.barista.provider.spi.Endpoint;
import java.io.IOException;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way a call can end that is no plain answer. */
class InvocationEndingTest extends InvocationFixture {

  @Test
  void execTimeout_is504() throws Exception {
    policy(Duration.ofMillis(100), 0, /* durationHeader= */ true);
    plane.deploy(plane.replica(InvocationFixture::never));

    long began = System.nanoTime();
    String answer = plane.get("/function/f");
    double most = (System.nanoTime() - began) / 1e9;

    assertThat(answer)
        .startsWith("HTTP/1.1 504 ")
        .contains("X-Barista-Error: exec_timeout", "[exec_timeout]");
    assertThat(durationSeconds(answer)).isBetween(0.1, most);
    plane.assertAtRest(1);
  }

  private static double durationSeconds(String answer) {
    Matcher matcher = Pattern.compile("X-Duration-Seconds: (\\d+\\.\\d+)\r\n").matcher(answer);
    assertThat(matcher.find()).as(answer).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void upstreamTimeout_is504AndBoundsAlsoEventStreams() throws Exception {
    settings(c -> c.withTimeouts(Duration.ofMillis(200), c.holdLimit().time()));
    policy(Duration.ofMillis(1), 0, /* durationHeader= */ false);
    plane.deploy(plane.replica(InvocationFixture::never));

    assertThat(plane.call("GET", "/function/f", "Accept: text/event-stream\r\n", ""))
        .startsWith("HTTP/1.1 504 ")
        .contains("X-Barista-Error: upstream_timeout", "within 200 ms");
    plane.assertAtRest(1);
  }

  @Test
  void timeoutDuringTheAnswer_cutsItOff() throws Exception {
    Duration limit = Duration.ofSeconds(20);
    policy(limit, 0, /* durationHeader= */ false);
    plane.deploy(
        plane.replica(
            exchange -> {
              exchange.respond(200, Headers.EMPTY).flush();
              never(exchange);
            }));

    assertThat(plane.get("/function/f", limit))
        .startsWith("HTTP/1.1 200 ")
        .doesNotEndWith("0\r\n\r\n");
    plane.assertAtRest(1);
    assertThat(plane.ended(504)).isEqualTo(1);
  }

  @Test
  void clientThatLeaves_isCountedAs502() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    plane.deploy(plane.replica(neverAfter(running)));
    try (Socket socket = plane.connect()) {
      TestPlane.send(socket, "GET", "/function/f", "", "");
      running.await();
    }

    plane.assertAtRest(1);
    assertThat(plane.ended(502)).isEqualTo(1);
  }

  @Test
  void replicaThatDies_is502() throws Exception {
    try (ServerSocket dying = dying()) {
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
    Endpoint dead = dead();
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
    plane.deploy(dead());
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
    plane.deploy(dead());

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
      patiently().until(() -> plane.pool().metrics().started() == 10);

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
