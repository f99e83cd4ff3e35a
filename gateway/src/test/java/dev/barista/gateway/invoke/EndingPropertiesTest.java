package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ReplicaId;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.provider.spi.InvocationPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Every way in which calls can end, many at once in any mixture, over real connections: at rest
 * nothing is in flight, waiting, leased or uncounted, and the limits are what they were.
 */
class EndingPropertiesTest {

  private static final int LIMIT = 2;

  /** How a call ends; by the path it asks for, and by what its client does. */
  enum Ending {
    ANSWER,
    ERROR,
    TIMEOUT,
    CUT_BY_TIMEOUT,
    GONE_BEFORE_THE_ANSWER,
    GONE_IN_THE_BODY,
    GONE_IN_THE_ANSWER,
    REPLICA_KILLED,
    CONNECTION_BROKEN,
    WEB_SOCKET
  }

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final RudeServer rude = new RudeServer();
  private final TestPlane plane = new TestPlane();

  EndingPropertiesTest() throws IOException {}

  @BeforeProperty
  void deploy() throws IOException {
    plane.annotations(Map.of(CallRules.LIMIT, Integer.toString(LIMIT)));
    plane.provider().withPolicy(new InvocationPolicy(Duration.ofMillis(150), 0, false));
    var polite = plane.replica(EndingPropertiesTest::serve);
    plane
        .provider()
        .withEndpoints((_, id) -> id.value().hashCode() % 3 == 0 ? rude.endpoint() : polite);
    plane.provider().deploy(plane.spec());
    plane.provider().scale(TestPlane.NAME, 3);
  }

  @AfterProperty
  void stop() {
    plane.close();
    rude.close();
    clients.close();
  }

  private static void serve(Exchange exchange) throws Exception {
    switch (exchange.head().rawPath()) {
      case "/ERROR" -> throw new IllegalStateException("the function fails");
      case "/TIMEOUT", "/GONE_BEFORE_THE_ANSWER" -> InvocationFixture.never(exchange);
      case "/CUT_BY_TIMEOUT", "/GONE_IN_THE_ANSWER" -> {
        OutputStream out = exchange.respond(200, Headers.EMPTY);
        out.write('x');
        out.flush();
        InvocationFixture.never(exchange);
      }
      default -> exchange.respond(Answer.text(200, "ok"));
    }
  }

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void atRest_nothingIsLeft(
      @ForAll @Size(min = 1, max = 40) List<Ending> endings, @ForAll @IntRange(max = 3) int scale)
      throws Exception {
    List<Future<Void>> calls = new ArrayList<>();
    for (Ending ending : endings) {
      calls.add(
          clients.submit(
              () -> {
                call(ending);
                return null;
              }));
    }
    plane.provider().scale(TestPlane.NAME, scale);
    plane.provider().scale(TestPlane.NAME, 3);
    for (Future<Void> call : calls) {
      call.get();
    }

    plane.assertAtRest();
    List<ReplicaId> left =
        plane.provider().status(TestPlane.NAME).orElseThrow().replicas().stream()
            .map(replica -> replica.id())
            .toList();
    left.forEach(replica -> assertThat(plane.pool().callsOn(replica)).isZero());
    assertLimitIsExact();
  }

  /** As many leases as there are places, and not one more. */
  private void assertLimitIsExact() {
    patiently().until(() -> plane.pool().ready() == 3);
    List<Lease> all = new ArrayList<>();
    while (plane.pool().admit(List.of()) instanceof Lease lease) {
      all.add(lease);
    }
    assertThat(all).hasSize(3 * LIMIT);
    all.forEach(Lease::close);
    assertThat(plane.pool().onReplicas()).isZero();
  }

  private void call(Ending ending) throws IOException {
    String path = "/function/f/" + ending;
    try (Socket socket = plane.connect()) {
      switch (ending) {
        case ANSWER, ERROR, TIMEOUT, CUT_BY_TIMEOUT, CONNECTION_BROKEN -> {
          TestPlane.send(socket, "POST", path, "", "x");
          drain(socket);
        }
        case REPLICA_KILLED -> {
          TestPlane.send(socket, "POST", path, "", "x");
          killOne();
          drain(socket);
        }
        case GONE_BEFORE_THE_ANSWER -> {
          socket.setSoLinger(true, 0);
          TestPlane.send(socket, "GET", path, "", "");
        }
        case GONE_IN_THE_BODY -> {
          socket.setSoLinger(true, 0);
          write(socket, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
        }
        case GONE_IN_THE_ANSWER -> {
          socket.setSoLinger(true, 0);
          TestPlane.send(socket, "GET", path, "", "");
          int first = socket.getInputStream().read();
          assertThat(first).isGreaterThanOrEqualTo(-1);
        }
        case WEB_SOCKET -> {
          write(
              socket,
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Key: k\r\n\r\n");
          int first = socket.getInputStream().read();
          assertThat(first).isGreaterThanOrEqualTo(-1);
        }
      }
    }
  }

  private void killOne() {
    plane.provider().status(TestPlane.NAME).orElseThrow().replicas().stream()
        .findAny()
        .ifPresent(replica -> plane.provider().crash(TestPlane.NAME, replica.id()));
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Until its end, or until the gateway cuts it off. */
  private static void drain(Socket socket) {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      assertThat(e).isNotNull(); // cut off: one of the endings
    }
  }
}
