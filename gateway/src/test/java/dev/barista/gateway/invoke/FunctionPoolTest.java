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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FunctionPoolTest {

  private static final EventLoops LOOPS = EventLoops.start(1, "test-pool");
  private static final FunctionName NAME = FunctionName.parse("f");
  private static final FunctionSpec SPEC = FunctionSpec.of(NAME, "image");

  private final GatewayMetrics metrics = new GatewayMetrics();
  private final List<Consumer<Optional<FaasException>>> scaleUps = new ArrayList<>();
  private final FunctionPool pool =
      new FunctionPool(
          NAME,
          metrics.function(NAME),
          new FunctionLoad(NAME, 1, () -> _ -> {}),
          new PoolContext(
              /* maxHeldCalls= */ 2,
              (spec, ended) -> scaleUps.add(ended),
              Runnable::run,
              metrics.coldStarts()));

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

  /** With a limit, places in the line, or no start from zero. */
  private void annotated(int replicas, Map<String, String> annotations) {
    FunctionSpec spec =
        new FunctionSpec(
            NAME,
            "image",
            SPEC.envProcess(),
            SPEC.environment(),
            SPEC.constraints(),
            SPEC.secrets(),
            SPEC.labels(),
            annotations,
            SPEC.limits(),
            SPEC.requests(),
            SPEC.readOnlyRootFilesystem());
    pool.changed(spec, InvocationPolicy.NONE, replicas);
  }

  private Place hold(HeldCall call) {
    return pool.hold(call, /* again= */ false);
  }

  /** Remembers what it is told. */
  private static final class Waiting implements HeldCall {
    private final List<ReplicaSlot> tried;
    private final List<Lease> leases = new ArrayList<>();
    private final List<FaasException> reasons = new ArrayList<>();

    Waiting(ReplicaSlot... tried) {
      this.tried = List.of(tried);
    }

    @Override
    public List<ReplicaSlot> tried() {
      return tried;
    }

    @Override
    public void granted(Lease lease) {
      leases.add(lease);
    }

    @Override
    public void giveUp(FaasException reason) {
      reasons.add(reason);
    }

    /** Ends the call that was granted. */
    void end() {
      leases.removeFirst().close();
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
  void heldCalls_startOneScaleUpAndAreServedTogether() {
    desired(0, 0);
    Waiting first = new Waiting();
    Waiting second = new Waiting();

    assertThat(hold(first)).isEqualTo(new Place.InLine(/* atLimit= */ false));
    assertThat(hold(second)).isEqualTo(new Place.InLine(/* atLimit= */ false));
    assertThat(hold(new Waiting())).isEqualTo(new Place.Full(2, "max-held-calls"));
    assertThat(scaleUps).hasSize(1);
    desired(1, 0);
    scaleUps.getFirst().accept(Optional.empty());
    ready("a");

    assertThat(pool.waiting()).isZero();
    assertThat(pool.onReplicas()).isEqualTo(2);
    assertThat(scaleUps).hasSize(1);
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void coldStart_isMeasuredInItsPhasesOnce() {
    desired(0, 0);
    Waiting first = new Waiting();
    hold(first);
    assertThat(coldStarts()).isEqualTo("spawn 0, ready 0, first_byte 0");
    pool.firstByte();
    scaleUps.getFirst().accept(Optional.empty());
    assertThat(coldStarts()).isEqualTo("spawn 1, ready 0, first_byte 0");
    desired(1, 0);
    ready("a");
    ready("b");
    assertThat(coldStarts()).isEqualTo("spawn 1, ready 1, first_byte 0");

    pool.firstByte();
    pool.firstByte();

    assertThat(coldStarts()).isEqualTo("spawn 1, ready 1, first_byte 1");
    first.end();
  }

  private String coldStarts() {
    return Stream.of("spawn", "ready", "first_byte")
        .map(phase -> phase + " " + coldStarts(phase))
        .collect(Collectors.joining(", "));
  }

  private String coldStarts(String phase) {
    String line = "barista_cold_start_seconds_count{phase=\"" + phase + "\"} ";
    return metrics
        .exposition()
        .lines()
        .filter(text -> text.startsWith(line))
        .map(text -> text.substring(line.length()))
        .findFirst()
        .orElse("none");
  }

  @Test
  void failedScaleUp_isToldAndTriedAgainByTheNextCall() {
    desired(0, 0);
    Waiting first = new Waiting();
    hold(first);
    FaasException reason = new FaasException(ErrorCode.INTERNAL, "provider", "no");

    scaleUps.getFirst().accept(Optional.of(reason));
    hold(new Waiting());

    assertThat(first.reasons).containsExactly(reason);
    assertThat(scaleUps).hasSize(2);
  }

  @Test
  void scaledToZeroWhileCallsWait_isScaledUpAgain() {
    hold(new Waiting());
    assertThat(scaleUps).isEmpty();

    desired(0, 0);

    assertThat(scaleUps).hasSize(1);
  }

  @Test
  void scaledToZeroBeforeTheScaleUpIsAnswered_isScaledUpAgain() {
    desired(0, 0);
    hold(new Waiting());
    desired(1, 0);
    desired(0, 0);
    assertThat(scaleUps).hasSize(1);

    scaleUps.getFirst().accept(Optional.empty());

    assertThat(scaleUps).hasSize(2);
    desired(1, 0);
    scaleUps.getLast().accept(Optional.empty());
    assertThat(scaleUps).hasSize(2);
  }

  @Test
  void scaleUpThatIsAnsweredBeforeItIsTold_isNotAskedAgain() {
    desired(0, 0);
    hold(new Waiting());

    scaleUps.getFirst().accept(Optional.empty());
    desired(1, 0);

    assertThat(scaleUps).hasSize(1);
  }

  @Test
  void freePlace_goesToTheFirstInLine_notToWhoComesThen() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    assertThat(hold(first)).isEqualTo(new Place.InLine(/* atLimit= */ true));
    hold(second);

    only.close();

    assertThat(first.leases).hasSize(1);
    assertThat(second.leases).isEmpty();
    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(1));
    assertThat(pool.leave(first)).isFalse();
    first.end();
    assertThat(second.leases).hasSize(1);
    second.end();
    assertThat(pool.onReplicas()).isZero();
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void callThatLeaves_givesItsPlaceInTheLineBack() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    Waiting third = new Waiting();
    hold(first);
    hold(second);
    assertThat(hold(third)).isEqualTo(new Place.Full(2, "max-held-calls"));

    assertThat(pool.leave(first)).isTrue();
    assertThat(hold(third)).isInstanceOf(Place.InLine.class);
    only.close();

    assertThat(first.leases).isEmpty();
    second.end();
    third.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void lineWithReadyReplicas_isAsLongAsTheFunctionSays() {
    annotated(1, Map.of(CallRules.LIMIT, "1", CallRules.QUEUE_SIZE, "1"));
    Waiting starting = new Waiting();
    hold(starting);
    hold(new Waiting());
    ready("a");
    assertThat(starting.leases).hasSize(1);

    assertThat(hold(new Waiting())).isEqualTo(new Place.Full(1, CallRules.QUEUE_SIZE));
  }

  @Test
  void lineWithoutPlaces_isRefusedButKeepsThoseThatWaitForAStart() {
    annotated(1, Map.of(CallRules.LIMIT, "1", CallRules.QUEUE_SIZE, "0"));
    assertThat(pool.rules().refusesAtLimit()).isTrue();
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    hold(first);
    hold(second);
    ready("a");

    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(1));
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void callThatAReplicaRefused_goesToTheFrontAndHasAPlace() {
    desired(2, 1);
    ready("a");
    ready("b");
    Lease refused = lease();
    Lease other = lease();
    Waiting first = new Waiting();
    hold(first);
    hold(new Waiting());
    Waiting again = new Waiting(refused.slot());

    assertThat(pool.hold(again, /* again= */ true)).isInstanceOf(Place.InLine.class);
    other.close();

    assertThat(again.leases).singleElement().extracting(Lease::slot).isEqualTo(other.slot());
    refused.close();
    assertThat(first.leases).singleElement().extracting(Lease::slot).isEqualTo(refused.slot());
  }

  @Test
  void raisedLimit_servesTheLine() {
    desired(1, 1);
    ready("a");
    Lease only = lease();
    Waiting first = new Waiting();
    hold(first);

    desired(1, 2);

    assertThat(first.leases).hasSize(1);
    first.end();
    only.close();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void freshReplica_getsItsShareAndNoMoreThanItsLimit() {
    desired(2, 3);
    ready("a");
    List<Lease> onFirst = List.of(lease(), lease(), lease());
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    hold(first);
    hold(second);

    ready("b");

    assertThat(pool.callsOn(new ReplicaId("b"))).isEqualTo(2);
    assertThat(pool.callsOn(new ReplicaId("a"))).isEqualTo(3);
    Lease third = lease();
    assertThat(third.slot().id()).isEqualTo(new ReplicaId("b"));
    assertThat(pool.admit(List.of())).isEqualTo(new Admission.AtLimit(3));
    onFirst.forEach(Lease::close);
    third.close();
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
  }

  @Test
  void waitersOfSeveralFreePlaces_spreadOverTheReplicas() {
    desired(2, 0);
    ready("a");
    ready("b");
    List<Lease> busy = List.of(lease(), lease());
    desired(2, 1);
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    hold(first);
    hold(second);

    desired(2, 2);

    assertThat(first.leases.getFirst().slot()).isNotEqualTo(second.leases.getFirst().slot());
    busy.forEach(Lease::close);
    first.end();
    second.end();
    assertThat(pool.onReplicas()).isZero();
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
