package dev.barista.provider.process;

import static dev.barista.provider.process.StandbyFixture.patiently;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes that wait for a call, with real ones. */
@SuppressWarnings("NotNullFieldNotInitialized") // JUnit calls open before each test
class StandbySandboxesTest {

  private static final int MANY = 20;

  private @TempDir Path folder;

  // Mutable state
  private StandbyFixture standby;

  @BeforeEach
  void open() throws IOException {
    standby = new StandbyFixture(folder);
  }

  @AfterEach
  void close() throws IOException {
    standby.close();
  }

  @Test
  void launch_becomesWhatStoodBy() throws IOException {
    RunPlan plan = standby.plan(Map.of("COLOUR", "blue"));
    standby.standBy("fn-1", plan);
    Set<Path> made = standby.runs();

    StandbyFixture.Started started = standby.launch("fn-1", plan);

    assertThat(Calls.shell(started.endpoint(), "hostname; echo $COLOUR; readlink /proc/self/fd/0"))
        .isEqualTo("fn-1\nblue\n/dev/null\n");
    assertThat(made).hasSize(1);
    assertThat(standby.runs()).isEqualTo(made);
    started.end();
  }

  @Test
  void launch_ofAnotherPlan_isMadeAnew() throws IOException {
    standby.standBy("fn-1", standby.plan(Map.of("COLOUR", "blue")));

    StandbyFixture.Started started = standby.launch("fn-1", standby.plan(Map.of("COLOUR", "red")));

    assertThat(Calls.shell(started.endpoint(), "echo $COLOUR")).isEqualTo("red\n");
    patiently().untilAsserted(() -> assertThat(standby.runs()).hasSize(1));
    started.end();
  }

  @Test
  void launch_afterAChangeOfItsSecret_hasTheNewOne() throws IOException {
    RunPlan plan = standby.plan(Map.of());
    standby.standBy("fn-1", plan);
    standby.secrets.replace(StandbyFixture.TOKEN, "second".getBytes(UTF_8));

    StandbyFixture.Started started = standby.launch("fn-1", plan);

    assertThat(Calls.get(started.endpoint(), "/secret?token")).isEqualTo("second");
    started.end();
  }

  @Test
  void launch_afterItsSecretWasDeleted_isRefused() {
    RunPlan plan = standby.plan(Map.of());
    standby.standBy("fn-1", plan);
    standby.secrets.delete(StandbyFixture.TOKEN);

    assertThatThrownBy(() -> standby.launch("fn-1", plan))
        .hasMessage("can't start a replica: secret token.openfaas-fn is missing");
  }

  @Test
  void launch_afterWhatStoodByWasKilled_isMadeAnew() throws IOException {
    RunPlan plan = standby.plan(Map.of());
    Set<Long> before = sandboxes();
    standby.standBy("fn-1", plan);
    patiently().until(() -> sandboxes().size() == before.size() + 1);
    ProcessHandle.current()
        .children()
        .filter(child -> isSandbox(child) && !before.contains(child.pid()))
        .forEach(ProcessHandle::destroyForcibly);
    patiently().until(() -> sandboxes().equals(before));

    StandbyFixture.Started started = standby.launch("fn-1", plan);

    assertThat(Calls.get(started.endpoint(), "/")).isEqualTo("hello\n");
    started.end();
  }

  @Test
  void standDown_leavesNothing() {
    standby.standBy("fn-1", standby.plan(Map.of()));

    standby.launcher.standDown(new ReplicaId("fn-1"));
    standby.launcher.standDown(new ReplicaId("fn-2")); // never stood by

    patiently().untilAsserted(() -> assertThat(standby.runs()).isEmpty());
  }

  /** Else a thousand functions that come to zero together would make a thousand sandboxes. */
  @Test
  void standBy_whereAllPlacesAreTaken_replacesTheOldest_afterItsStayOnly() throws IOException {
    RunPlan plan = standby.plan(Map.of());
    standby.standBy("fn-1", plan);
    Set<Path> oldest = standby.runs();
    standby.standBy("fn-2", plan);
    Set<Path> full = standby.runs();

    standby.now = standby.now.plus(StandbySandboxes.LEAST_STAY).minusNanos(1);
    standby.standBy("fn-3", plan);
    assertThat(standby.runs()).isEqualTo(full);

    standby.now = standby.now.plusNanos(1);
    standby.standBy("fn-4", plan);
    patiently().untilAsserted(() -> assertThat(standby.runs()).hasSize(StandbyFixture.CAPACITY));
    assertThat(standby.runs()).doesNotContainAnyElementsOf(oldest);
  }

  @Test
  void standBy_ofManyTogether_makesNoMoreThanAreKept() throws IOException {
    RunPlan plan = standby.plan(Map.of());
    CountDownLatch all = new CountDownLatch(MANY);
    try (ExecutorService functions = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < MANY; i++) {
        String replica = "fn-" + i;
        var _ =
            functions.submit(
                () -> {
                  all.countDown();
                  all.await();
                  standby.standBy(replica, plan);
                  return true;
                });
      }
    }
    Set<Path> kept = standby.runs();
    StandbyFixture.Started next = standby.launch("next", plan);

    assertThat(kept).hasSize(StandbyFixture.CAPACITY);
    // Runs are numbered.
    assertThat(standby.runs()).contains(standby.run(StandbyFixture.CAPACITY + 1));
    next.end();
  }

  @Test
  void close_leavesNothing_andLetsNothingStandBy() throws IOException {
    Set<Long> before = sandboxes();
    standby.standBy("fn-1", standby.plan(Map.of()));

    standby.launcher.close();
    standby.standBy("fn-2", standby.plan(Map.of()));

    assertThat(standby.runs()).isEmpty();
    assertThat(sandboxes()).isEqualTo(before);
  }

  /** Those that this process has started and not reaped. */
  private static Set<Long> sandboxes() {
    return ProcessHandle.current()
        .children()
        .filter(StandbySandboxesTest::isSandbox)
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  /** A zombie has no command line. */
  private static boolean isSandbox(ProcessHandle child) {
    try {
      return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")).contains("bwrap");
    } catch (IOException e) {
      return false;
    }
  }
}
