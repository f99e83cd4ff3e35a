package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.provider.testkit.FakeProvider.Start;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls of a function at zero or at its limit: held, told, refused. */
class HeldCallTest extends InvocationFixture {

  @Test
  void functionAtZero_isScaledUpOnceForEveryCaller() throws Exception {
    plane.deploy(plane.replica(OK));
    plane.provider().scale(TestPlane.NAME, 0);
    plane.provider().onStart("image", Start.HELD);
    int before = plane.provider().scaleCalls();

    List<Future<String>> calls = callAtOnce(50, () -> plane.get("/function/f"));
    patiently().until(() -> plane.pool().waiting() == 50);
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
    patiently().until(() -> plane.pool().waiting() == 3);
    patiently()
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
    patiently().until(() -> plane.pool().waiting() == 1);

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
    patiently().until(() -> plane.pool().waiting() == 1);

    plane.provider().delete(TestPlane.NAME);

    assertThat(calls.getFirst().get()).startsWith("HTTP/1.1 404 ");
    assertThat(functionSeries()).doesNotContain("f.openfaas-fn");
  }

  @Test
  void concurrencyLimitWithoutALine_is429InTheWatchdogsWords() throws Exception {
    plane.annotations(Map.of(CallRules.QUEUE_SIZE, "0"));
    policy(Duration.ZERO, 1, /* durationHeader= */ true);
    Slow slow = new Slow("ok");
    plane.deploy(plane.replica(slow));
    List<Future<String>> first = callAtOnce(1, () -> plane.get("/function/f"));
    slow.running.await();

    assertThat(plane.get("/function/f"))
        .startsWith("HTTP/1.1 429 ")
        .contains("X-OpenFaaS-Internal: faas-middleware\r\n")
        .endsWith("\r\n\r\nConcurrent request limit exceeded. Max concurrent requests: 1\n");
    slow.finish.release();

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
    patiently().until(() -> plane.pool().waiting() == 20);

    plane.provider().makeReady(TestPlane.NAME);

    for (Future<String> call : calls) {
      assertThat(call.get()).endsWith("ok");
    }
    assertThat(most).hasValue(1);
    plane.assertAtRest(20);
  }
}
