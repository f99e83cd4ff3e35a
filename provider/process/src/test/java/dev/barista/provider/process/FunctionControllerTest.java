package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaId;
import dev.barista.api.ReplicaStatus;
import dev.barista.api.ReplicaStatus.State;
import dev.barista.provider.process.ManualContext.FakeRun;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on time: nothing here waits for it. */
@SuppressWarnings("NotNullFieldNotInitialized") // JUnit calls make before each test
class FunctionControllerTest {

  private static final FunctionName FN = FunctionName.parse("fn");
  private static final Endpoint ENDPOINT = new Endpoint(UnixDomainSocketAddress.of("/s"));

  private @TempDir Path folder;

  // Mutable state
  private TestImages images;
  private ManualContext context;
  private FunctionController controller;

  @BeforeEach
  void make() throws IOException {
    images = new TestImages(folder);
    images.add(
        "image", "server", /* listensOnSocket= */ true, Map.of("mode", "http", "fprocess", "sh x"));
    context = new ManualContext(images);
    controller = new FunctionController(FN, context);
  }

  @AfterEach
  void orderly() {
    context.listener.assertOrderly();
  }

  private void deploy(String image, int replicas) {
    deploy(FunctionSpec.of(FN, image), replicas);
  }

  private void deploy(FunctionSpec spec, int replicas) {
    Optional<RunPlan> plan =
        spec.image().equals("image") ? Optional.of(context.plans().plan(spec)) : Optional.empty();
    controller.change(
        () ->
            controller.setVersion(
                new StoredFunction(spec, replicas, Instant.parse("2026-01-01T00:00:00Z")), plan));
    settle();
  }

  /** Everything that was posted before is done then, and what that posted. */
  private void settle() {
    for (int i = 0; i < 3; i++) {
      controller.change(() -> {});
    }
  }

  private void pass(Duration time) {
    context.pass(time);
    settle();
  }

  private FakeRun lastRun() {
    return context.runs.getLast();
  }

  private ReplicaStatus replica() {
    FunctionStatus status = controller.status().orElseThrow();
    return status.replicas().getFirst();
  }

  @Test
  void imageOfAReplicaThatDrains_isInUse_untilItHasEnded() {
    deploy("image", 1);
    lastRun().watcher.ready(ENDPOINT);
    settle();
    String digest = controller.plan().orElseThrow().image().digest();

    controller.change(controller::delete);
    settle();

    assertThat(controller.plan()).isEmpty();
    assertThat(controller.images()).containsExactly(digest);

    lastRun().end("ended");
    settle();
    assertThat(controller.images()).isEmpty();
  }

  @Test
  void crashLoop_isStartedAgainLaterAndLater() {
    deploy("image", 1);
    for (long delay : new long[] {250, 500, 1_000}) {
      int runs = context.runs.size();
      lastRun().end("exit status 1");
      settle();
      assertThat(replica().state()).isEqualTo(State.BACK_OFF);
      assertThat(replica().lastLogLines()).containsExactly("a line");

      pass(Duration.ofMillis(delay - 1));
      assertThat(context.runs).hasSize(runs);

      pass(Duration.ofMillis(1));
      assertThat(context.runs).hasSize(runs + 1);
    }
    assertThat(replica().restarts()).isEqualTo(3);
    assertThat(context.listener.events(FN, StartFailed.class)).hasSize(3);
  }

  @Test
  void crashAfterAGoodRun_isStartedAgainSoon() {
    deploy("image", 1);
    lastRun().end("exit status 1");
    settle();
    pass(Duration.ofMillis(250));
    lastRun().watcher.ready(ENDPOINT);
    settle();
    pass(Duration.ofMinutes(2));

    lastRun().end("exit status 1");
    settle();

    assertThat(context.listener.events(FN, ReplicaGone.class)).hasSize(1);
    pass(Duration.ofMillis(250));
    assertThat(context.runs).hasSize(3);
  }

  @Test
  void startThatTakesTooLong_isEndedAndToldAsFailed() {
    deploy("image", 1);
    FakeRun slow = lastRun();

    pass(ManualContext.PATIENCE.start());

    assertThat(slow.signals).containsExactly("kill");
    assertThat(context.listener.events(FN, StartFailed.class).getFirst().reason())
        .isEqualTo(
            "it accepted no connection on the socket that BARISTA_SOCKET names within 60 s"
                + " [--start-timeout]");
    pass(Duration.ofMillis(250));
    assertThat(context.runs).hasSize(2);
    slow.watcher.ready(ENDPOINT); // too late: that run is given up
    settle();
    assertThat(context.listener.ready(FN)).isEmpty();
  }

  @Test
  void drainedReplica_isAskedToEndThenKilled() {
    context.listener.holdDrains();
    deploy("image", 1);
    FakeRun run = lastRun();
    run.watcher.ready(ENDPOINT);
    settle();
    controller.change(controller::delete);
    settle();
    assertThat(run.signals).isEmpty();

    pass(ManualContext.PATIENCE.drain());
    assertThat(run.signals).containsExactly("terminate");

    pass(ManualContext.PATIENCE.stop());
    assertThat(run.signals).containsExactly("terminate", "kill");

    run.end("signal: killed");
    settle();
    assertThat(controller.isFinished()).isTrue();
    assertThat(context.admission().taken()).isEqualTo(new Admission.Request(0, 0));
  }

  @Test
  void idleReplica_isAskedToEndAtOnce() {
    deploy("image", 1);
    FakeRun run = lastRun();
    run.watcher.ready(ENDPOINT);
    settle();

    controller.change(controller::delete);
    settle();

    assertThat(run.signals).containsExactly("terminate");
    run.end("exit status 0");
    settle();
    assertThat(context.listener.present(FN)).isZero();
  }

  @Test
  void imageThatIsGoneAtTheStart_isToldAndTriedAgain() throws IOException {
    deploy("later", 1);

    assertThat(context.listener.events(FN, StartFailed.class).getFirst().reason())
        .isEqualTo("no image later");
    images.add(
        "later", "server", /* listensOnSocket= */ true, Map.of("mode", "http", "fprocess", "sh x"));
    pass(Duration.ofMillis(250));

    assertThat(context.runs).hasSize(1);
    assertThat(
            context.listener.events(FN, FunctionChanged.class).getLast().policy().durationHeader())
        .isTrue();
  }

  @Test
  void oldReplicaThatCrashes_comesBackWhileTheNewVersionFails() {
    deploy("image", 1);
    FakeRun old = lastRun();
    old.watcher.ready(ENDPOINT);
    settle();
    deploy("image", 1);
    lastRun().end("exit status 1");
    settle();

    old.end("exit status 1");
    settle();
    pass(Duration.ofMillis(250));

    assertThat(context.runs.stream().filter(run -> run.replica.equals(old.replica))).hasSize(2);
  }

  @Test
  void functionThatComesToZero_hasSomethingStandBy_forItsNextReplica() {
    comeToZero();
    ReplicaId next = context.standingBy.getFirst();

    scale(1);

    assertThat(lastRun().replica).isEqualTo(next);
    assertThat(context.standingBy).isEmpty();
  }

  @Test
  void newVersionOfAFunctionAtZero_hasNoUseForWhatStandsBy() {
    comeToZero();

    deploy("image", 0);

    assertThat(context.standingBy).isEmpty();
  }

  @Test
  void deletedFunctionAtZero_leavesNothingStandingBy() {
    comeToZero();

    controller.change(controller::delete);
    settle();

    assertThat(context.standingBy).isEmpty();
    assertThat(controller.isFinished()).isTrue();
  }

  @Test
  void replicaThatIsDroppedBeforeItsLaunch_leavesNothingStandingBy() {
    comeToZero(Spec.of("image").withMemory("1Gi").named(FN));
    context.admission().admit(new ReplicaId("other"), new Admission.Request(0, 1L << 40));

    scale(1);
    assertThat(replica().state()).isEqualTo(State.PENDING);
    scale(0);

    assertThat(context.standingBy).isEmpty();
  }

  @Test
  void closedPlatform_letsNothingStandBy() {
    deploy("image", 1);
    lastRun().watcher.ready(ENDPOINT);
    settle();
    controller.close();
    lastRun().end("signal: killed");
    settle();

    assertThat(context.standingBy).isEmpty();
  }

  private void comeToZero() {
    comeToZero(FunctionSpec.of(FN, "image"));
  }

  private void comeToZero(FunctionSpec spec) {
    deploy(spec, 1);
    lastRun().watcher.ready(ENDPOINT);
    settle();
    scale(0);
    assertThat(context.standingBy).isEmpty(); // it ends first
    lastRun().end("exit status 0");
    settle();
    assertThat(context.standingBy).hasSize(1);
  }

  private void scale(int replicas) {
    controller.change(
        () -> {
          StoredFunction known = controller.stored().orElseThrow();
          controller.setDesired(new StoredFunction(known.spec(), replicas, known.createdAt()));
        });
    settle();
  }
}
