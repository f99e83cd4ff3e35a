package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.api.ReplicaStatus;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.testkit.FakeProvider.Start;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls at the concurrency limit: who waits, in which order, how long, and who is refused. */
class WaitingLineTest extends InvocationFixture {

  private final Semaphore finish = new Semaphore(0);
  private final List<String> served = new CopyOnWriteArrayList<>();

  @AfterEach
  @Override
  void stop() {
    finish.release(1000);
    super.stop();
  }

  /** Ends one call for each permit. */
  private void slow(Exchange exchange) throws Exception {
    served.add(exchange.head().rawPath());
    finish.acquire();
    exchange.respond(Answer.text(200, "ok"));
  }

  private void deploy(Map<String, String> annotations) throws IOException {
    plane.annotations(annotations);
    plane.deploy(plane.replica(this::slow));
  }

  private Future<String> call(String path) {
    return clients.submit(() -> plane.get("/function/f" + path));
  }

  private void awaitWaiting(int count) {
    patiently().until(() -> plane.pool().waiting() == count);
  }

  private void awaitRunning(int count) {
    patiently().until(() -> served.size() == count);
  }

  @Test
  void callsAtTheLimit_takeTurnsInTheirOrder() throws Exception {
    deploy(Map.of(CallRules.LIMIT, "1"));
    List<Future<String>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      calls.add(call("/" + i));
      if (i == 0) {
        awaitRunning(1);
      } else {
        awaitWaiting(i);
      }
    }
    assertThat(plane.load().inFlight()).isEqualTo(6);
    assertThat(plane.load().waiting()).isEqualTo(5);

    finish.release(6);

    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    assertThat(served).containsExactly("/0", "/1", "/2", "/3", "/4", "/5");
    plane.assertAtRest(6);
    assertThat(plane.load().answers()).isEqualTo(6);
  }

  @Test
  void fullLine_is503WithRetryAfterNamingTheAnnotation() throws Exception {
    deploy(Map.of(CallRules.LIMIT, "1", CallRules.QUEUE_SIZE, "1"));
    Future<String> running = call("");
    awaitRunning(1);
    Future<String> waiting = call("");
    awaitWaiting(1);

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 503 ")
        .contains("X-Barista-Error: queue_full\r\n", "Retry-After: 1\r\n")
        .endsWith(
            "pending request queue full: 1 calls wait already for f.openfaas-fn"
                + " [barista.dev/queue-size]\n");

    finish.release(2);
    assertThat(running.get()).endsWith("ok");
    assertThat(waiting.get()).endsWith("ok");
    plane.assertAtRest(3);
    assertThat(plane.ended(503)).isEqualTo(1);
    assertThat(plane.load().answers()).isEqualTo(2);
  }

  @Test
  void turnThatDoesNotComeInTheFunctionsTime_is504() throws Exception {
    plane.provider().withPolicy(new InvocationPolicy(Duration.ofSeconds(5), 1, true));
    deploy(Map.of());
    var first =
        clients.submit(() -> plane.call("GET", "/function/f", "Accept: text/event-stream\r\n", ""));
    awaitRunning(1);
    Future<String> waiting = call("");
    awaitWaiting(1);

    plane.letPass(Duration.ofSeconds(5));

    assertThat(waiting.get())
        .startsWith("HTTP/1.1 504 ")
        .contains("X-Barista-Error: exec_timeout\r\n")
        .doesNotContain("X-Duration-Seconds")
        .endsWith(
            "the call waited 5 s for its turn: every replica of f.openfaas-fn is at its limit"
                + " of 1 call [exec_timeout]\n");

    assertThat(first).isNotDone();
    finish.release();
    assertThat(first.get()).endsWith("ok");
    plane.assertAtRest(2);
  }

  @Test
  void turnThatDoesNotComeInThePlatformsTime_is504() throws Exception {
    deploy(Map.of(CallRules.LIMIT, "1"));
    try (Lease held = (Lease) plane.pool().admit(List.of())) {
      Future<String> waiting = call("");
      awaitWaiting(1);
      plane.letPass(Duration.ofSeconds(30));
      assertThat(waiting.get())
          .startsWith("HTTP/1.1 504 ")
          .contains("X-Barista-Error: upstream_timeout\r\n", "for its turn", "[upstream-timeout]");
      assertThat(held.slot().inFlight()).isEqualTo(1);
    }
    plane.assertAtRest(1);
  }

  /** Of two calls that were held for a start one runs, the other waits for its turn. */
  private List<Future<String>> twoFromZero() throws IOException {
    plane.provider().onStart("image", Start.HELD);
    deploy(Map.of(CallRules.LIMIT, "1"));
    List<Future<String>> calls = List.of(call(""), call(""));
    awaitWaiting(2);
    plane.provider().makeReady(TestPlane.NAME);
    awaitRunning(1);
    return calls;
  }

  /** The function counts a call when its time for a start is over and a replica is there. */
  @Test
  void turnThatComesAfterTheTimeForAStart_isNotGivenUp() throws Exception {
    settings(c -> c.withTimeouts(Duration.ofMinutes(10), c.holdLimit().time()));
    List<Future<String>> calls = twoFromZero();

    plane.letPass(Duration.ofSeconds(30));

    patiently().untilAsserted(() -> assertThat(plane.pool().metrics().started()).isEqualTo(2));
    assertThat(plane.pool().waiting()).isEqualTo(1);
    finish.release(2);
    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    plane.assertAtRest(2);
  }

  /** With a start as long as the call: it is its turn that didn't come. */
  @Test
  void callersFromZeroWhoseTurnDoesNotCome_areToldSo() throws Exception {
    List<Future<String>> calls = twoFromZero();

    plane.letPass(Duration.ofSeconds(30));

    List<String> answers = new ArrayList<>();
    for (Future<String> call : calls) {
      answers.add(call.get());
    }
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer).contains("X-Barista-Error: upstream_timeout\r\n"))
        // The turn of the second comes, if at all, as the first one ends.
        .noneSatisfy(answer -> assertThat(answer).contains("ready"));
    plane.assertAtRest(2);
  }

  @Test
  void clientThatLeavesTheLine_doesNotHoldItUp() throws Exception {
    deploy(Map.of(CallRules.LIMIT, "1"));
    Future<String> running = call("/a");
    awaitRunning(1);
    Future<String> next;
    try (Socket leaving = plane.connect()) {
      leaving.setSoLinger(true, 0);
      TestPlane.send(leaving, "GET", "/function/f/gone", "", "");
      awaitWaiting(1);
      next = call("/b");
      awaitWaiting(2);
    }
    awaitWaiting(1);

    finish.release(2);

    assertThat(running.get()).endsWith("ok");
    assertThat(next.get()).endsWith("ok");
    assertThat(served).containsExactly("/a", "/b");
    plane.assertAtRest(3);
  }

  @Test
  void secondReplica_takesThoseThatWait() throws Exception {
    deploy(Map.of(CallRules.LIMIT, "1"));
    Future<String> first = call("");
    awaitRunning(1);
    Future<String> second = call("");
    awaitWaiting(1);

    plane.provider().scale(TestPlane.NAME, 2);

    awaitRunning(2);
    finish.release(2);
    assertThat(first.get()).endsWith("ok");
    assertThat(second.get()).endsWith("ok");
    plane.assertAtRest(2);
  }

  @Test
  void smallerOfBothLimits_holds() throws Exception {
    plane.provider().withPolicy(new InvocationPolicy(Duration.ZERO, 3, false));
    deploy(Map.of(CallRules.LIMIT, "2"));
    List<Future<String>> calls = List.of(call(""), call(""), call(""));
    awaitRunning(2);
    awaitWaiting(1);
    finish.release(3);
    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    plane.assertAtRest(3);
  }

  @Test
  void functionThatIsNotWoken_is503AtOnce() throws Exception {
    plane.provider().onStart("image", Start.HELD);
    deploy(Map.of(CallRules.SCALE_FROM_ZERO, "false"));
    plane.provider().scale(TestPlane.NAME, 0);
    int asked = plane.provider().scaleCalls();

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 503 ")
        .contains("X-Barista-Error: no_replica\r\n")
        .endsWith("No endpoints available for: f. [barista.dev/scale-from-zero]\n");

    assertThat(plane.provider().scaleCalls()).isEqualTo(asked);
    plane.assertAtRest(1);
  }

  @Test
  void functionAtZero_isWokenWithAsManyAsWasSaid() throws Exception {
    deploy(Map.of());
    plane.provider().scale(TestPlane.NAME, 0);
    plane.pools().firstReplicas(_ -> 3);
    finish.release();

    assertThat(plane.get("/function/f")).endsWith("ok");

    assertThat(plane.provider().status(TestPlane.NAME).orElseThrow().desiredReplicas())
        .isEqualTo(3);
    plane.assertAtRest(1);
  }

  /** The refusal comes before the event: the call waits in front of the line for the live one. */
  @Test
  void deadReplicaBesideAFullOne_costsNoCall() throws Exception {
    Endpoint alive = plane.replica(this::slow);
    Endpoint dead = dead();
    AtomicInteger made = new AtomicInteger();
    plane.provider().withEndpoints((_, _) -> made.getAndIncrement() == 0 ? alive : dead);
    plane.annotations(Map.of(CallRules.LIMIT, "1"));
    plane.provider().deploy(plane.spec());
    Future<String> first = call("/a");
    awaitRunning(1);
    plane.provider().scale(TestPlane.NAME, 2);
    Future<String> second = call("/b");
    awaitWaiting(1);
    assertThat(plane.load().inFlight()).isEqualTo(2);

    finish.release(2);

    assertThat(first.get()).endsWith("ok");
    assertThat(second.get()).endsWith("ok");
    assertThat(served).containsExactly("/a", "/b");
    plane.assertAtRest(2);
  }

  /** Two calls are on two replicas; the one on the older ends, so that one is idle. */
  @Test
  void scaleDown_keepsTheReplicaThatWorks() throws Exception {
    Semaphore older = new Semaphore(0);
    Endpoint first =
        plane.replica(
            exchange -> {
              served.add("older");
              older.acquire();
              exchange.respond(Answer.text(200, "older"));
            });
    Endpoint second = plane.replica(this::slow);
    AtomicInteger made = new AtomicInteger();
    plane.provider().withEndpoints((_, _) -> made.getAndIncrement() == 0 ? first : second);
    plane.provider().deploy(FunctionSpec.of(TestPlane.NAME, "image"));
    plane.provider().scale(TestPlane.NAME, 2);
    Future<String> one = call("");
    awaitRunning(1); // two at once may both see the same replica idle
    Future<String> other = call("");
    awaitRunning(2);
    List<Future<String>> calls = List.of(one, other);
    List<ReplicaId> ids =
        plane.provider().status(TestPlane.NAME).orElseThrow().replicas().stream()
            .map(ReplicaStatus::id)
            .toList();
    older.release();
    patiently().until(() -> plane.pool().callsOn(ids.getFirst()) == 0);

    plane.provider().scale(TestPlane.NAME, 1);

    patiently()
        .untilAsserted(
            () ->
                assertThat(plane.provider().status(TestPlane.NAME).orElseThrow().replicas())
                    .extracting(ReplicaStatus::id)
                    .containsExactly(ids.getLast()));
    finish.release();
    for (Future<String> call : calls) {
      assertThat(call.get()).startsWith("HTTP/1.1 200 ");
    }
    plane.assertAtRest(2);
  }
}
