package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.http.EventLoops;
import dev.barista.http.Upstream;
import dev.barista.http.UpstreamConfig;
import dev.barista.provider.spi.InvocationPolicy;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FunctionPoolTest {

  private static final EventLoops LOOPS = EventLoops.start(1, "test-pool");
  private static final FunctionName NAME = FunctionName.parse("f");
  private static final FunctionSpec SPEC = FunctionSpec.of(NAME, "image");

  private final List<Consumer<Optional<FaasException>>> scaleUps = new ArrayList<>();
  private final FunctionPool pool =
      new FunctionPool(
          NAME,
          new GatewayMetrics().function(NAME),
          new FunctionLoad(NAME, 1, () -> _ -> {}),
          /* maxHeldCalls= */ 2,
          (spec, ended) -> scaleUps.add(ended),
          Runnable::run);

  @BeforeEach
  void deploy() {
    desired(1, 0);
  }

  @AfterAll
  static void stop() {
    LOOPS.close();
  }

  private void desired(int replicas, int maxInflight) {
    pool.changed(
        SPEC,
        new InvocationPolicy(Duration.ZERO, maxInflight, /* durationHeader= */ false),
        replicas);
  }

  private void ready(String id) {
    pool.ready(
        new ReplicaId(id),
        Upstream.to(LOOPS, UnixDomainSocketAddress.of("/none/" + id), UpstreamConfig.DEFAULT));
  }

  private Lease lease() {
    return (Lease) pool.admit(List.of());
  }

  /** Remembers what it is told. */
  private static final class Waiting implements HeldCall {
    private final AtomicInteger resumed = new AtomicInteger();
    private final List<FaasException> reasons = new ArrayList<>();

    @Override
    public void resume() {
      resumed.incrementAndGet();
    }

    @Override
    public void giveUp(FaasException reason) {
      reasons.add(reason);
    }
  }

  @Test
  void admission_goesToTheReplicaWithFewestCalls() {
    ready("a");
    ready("b");
    Lease first = lease();
    Lease second = lease();
    assertThat(first.slot()).isNotEqualTo(second.slot());
    first.close();

    Lease third = lease();

    assertThat(third.slot()).isEqualTo(first.slot());
    third.close();
    second.close();
    assertThat(pool.inFlight()).isZero();
  }

  @Test
  void limit_refusesUntilALeaseIsClosed() {
    desired(1, 1);
    ready("a");
    Lease only = lease();

    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(1));
    only.close();
    only.close();

    lease().close();
    assertThat(pool.inFlight()).isZero();
  }

  @Test
  void triedReplica_isNotGivenAgain() {
    ready("a");
    ready("b");
    try (Lease first = lease();
        Lease second = (Lease) pool.admit(List.of(first.slot()))) {
      assertThat(second.slot()).isNotEqualTo(first.slot());
      assertThat(pool.admit(List.of(first.slot(), second.slot())))
          .isEqualTo(Admission.NoReplica.INSTANCE);
    }
  }

  @Test
  void draining_runsOnceAfterTheLastCall() {
    AtomicInteger idle = new AtomicInteger();
    ready("a");
    Lease first = lease();
    Lease second = lease();

    pool.draining(new ReplicaId("a"), idle::incrementAndGet);
    assertThat(pool.admit(List.of())).isEqualTo(Admission.NoReplica.INSTANCE);
    first.close();
    pool.gone(new ReplicaId("a"));
    assertThat(idle).hasValue(0);
    second.close();

    assertThat(idle).hasValue(1);
  }

  @Test
  void drainingOfAnIdleOrUnknownReplica_runsAtOnce() {
    AtomicInteger idle = new AtomicInteger();
    ready("a");

    pool.draining(new ReplicaId("a"), idle::incrementAndGet);
    pool.draining(new ReplicaId("b"), idle::incrementAndGet);

    assertThat(idle).hasValue(2);
  }

  @Test
  void heldCalls_startOneScaleUpAndAreWokenTogether() {
    desired(0, 0);
    Waiting first = new Waiting();
    Waiting second = new Waiting();

    assertThat(pool.hold(first)).isEqualTo(FunctionPool.Hold.HELD);
    assertThat(pool.hold(second)).isEqualTo(FunctionPool.Hold.HELD);
    assertThat(pool.hold(new Waiting())).isEqualTo(FunctionPool.Hold.LINE_FULL);
    assertThat(scaleUps).hasSize(1);
    desired(1, 0);
    scaleUps.getFirst().accept(Optional.empty());
    ready("a");

    assertThat(first.resumed).hasValue(1);
    assertThat(second.resumed).hasValue(1);
    assertThat(pool.waiting()).isZero();
    assertThat(scaleUps).hasSize(1);
  }

  @Test
  void failedScaleUp_isToldAndTriedAgainByTheNextCall() {
    desired(0, 0);
    Waiting first = new Waiting();
    pool.hold(first);
    FaasException reason = new FaasException(ErrorCode.INTERNAL, "provider", "no");

    scaleUps.getFirst().accept(Optional.of(reason));
    pool.hold(new Waiting());

    assertThat(first.reasons).containsExactly(reason);
    assertThat(scaleUps).hasSize(2);
  }

  @Test
  void scaledToZeroWhileCallsWait_isScaledUpAgain() {
    Waiting waiting = new Waiting();
    pool.hold(waiting);
    assertThat(scaleUps).isEmpty();

    desired(0, 0);

    assertThat(scaleUps).hasSize(1);
  }

  @Test
  void closedLease_wakesTheFirstInLine() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    pool.hold(first);
    pool.hold(second);

    only.close();

    assertThat(first.resumed).hasValue(1);
    assertThat(second.resumed).hasValue(0);
    assertThat(pool.leave(first)).isFalse();
    assertThat(pool.leave(second)).isTrue();
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void startFailure_isToldOnlyWhileNoReplicaServes() {
    FaasException reason = new FaasException(ErrorCode.START_FAILED, "provider", "boom");
    Waiting first = new Waiting();
    pool.hold(first);
    pool.startFailed(reason);
    assertThat(first.reasons).containsExactly(reason);
    assertThat(pool.whyNotReady()).contains("boom");

    ready("a");
    Waiting second = new Waiting();
    pool.hold(second);
    pool.startFailed(reason);
    assertThat(second.reasons).isEmpty();
  }

  @Test
  void deletedFunction_tellsEveryoneAndTakesNobody() {
    Waiting waiting = new Waiting();
    pool.hold(waiting);

    pool.deleted();

    assertThat(waiting.reasons)
        .singleElement()
        .satisfies(reason -> assertThat(reason.code()).isEqualTo(ErrorCode.FUNCTION_NOT_FOUND));
    assertThat(pool.hold(new Waiting())).isEqualTo(FunctionPool.Hold.DELETED);
    assertThat(scaleUps).isEmpty();
  }

  @Test
  void concurrentCallsAndDraining_leaveNothingInFlight() throws Exception {
    desired(2, 3);
    AtomicInteger idle = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      go.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    for (int call = 0; call < 20_000; call++) {
                      if (pool.admit(List.of()) instanceof Lease granted) {
                        granted.close();
                      }
                    }
                  }));
    }
    go.countDown();
    for (int i = 0; i < 500; i++) {
      ready("r" + i);
      if (i > 0) {
        pool.draining(new ReplicaId("r" + (i - 1)), idle::incrementAndGet);
      }
    }
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(idle).hasValue(499);
    assertThat(pool.inFlight()).isZero();
    assertThat(pool.waiting()).isZero();
  }
}
