package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which replica a pool gives a call, and when a replica is idle. */
class FunctionPoolTest extends FunctionPoolFixture {

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
    assertThat(pool.onReplicas()).isZero();
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
    assertThat(pool.onReplicas()).isZero();
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
  void startFailure_isToldOnlyWhileNoReplicaServes() {
    FaasException reason = new FaasException(ErrorCode.START_FAILED, "provider", "boom");
    Waiting first = new Waiting();
    hold(first);
    pool.startFailed(reason);
    assertThat(first.reasons).containsExactly(reason);
    assertThat(pool.whyNotReady()).contains("boom");

    desired(1, 1);
    ready("a");
    try (Lease only = lease()) {
      Waiting second = new Waiting();
      hold(second);
      pool.startFailed(reason);
      assertThat(second.reasons).isEmpty();
      assertThat(pool.leave(second)).isTrue();
      assertThat(only.slot().inFlight()).isEqualTo(1);
    }
  }

  @Test
  void deletedFunction_tellsEveryoneAndTakesNobody() {
    Waiting waiting = new Waiting();
    hold(waiting);

    pool.deleted();

    assertThat(waiting.reasons)
        .singleElement()
        .satisfies(reason -> assertThat(reason.code()).isEqualTo(ErrorCode.FUNCTION_NOT_FOUND));
    assertThat(hold(new Waiting())).isEqualTo(Place.Deleted.INSTANCE);
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
    assertThat(pool.onReplicas()).isZero();
    assertThat(pool.waiting()).isZero();
  }
}
