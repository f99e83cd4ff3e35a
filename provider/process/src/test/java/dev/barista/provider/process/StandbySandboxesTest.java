package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.api.SecretName;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.testkit.FakeSecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes that wait for a call, with real ones. */
@SuppressWarnings("NotNullFieldNotInitialized") // JUnit calls open before each test
class StandbySandboxesTest {

  private static final FunctionName FN = FunctionName.parse("fn");
  private static final SecretName TOKEN = new SecretName("token", FunctionName.DEFAULT_NAMESPACE);
  private static final int CAPACITY = 2;

  private @TempDir Path folder;

  // Mutable state
  private TestHost testHost;
  private ProcessProviderConfig config;
  private Host host;
  private ProcessLauncher launcher;
  private final FakeSecretStore secrets = new FakeSecretStore();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void open() throws IOException {
    RequiredTools.requireProgram("bwrap");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    testHost = new TestHost(folder);
    config = testHost.config(IsolationRequest.SANDBOX);
    host = Host.open(config);
    launcher = new ProcessLauncher(host, ProcessLimits.DEFAULT, secrets, CAPACITY, () -> now);
    secrets.insert(TOKEN, "first".getBytes(UTF_8));
  }

  @AfterEach
  void close() throws IOException {
    launcher.close();
    assertThat(runs()).isEmpty();
    assertThat(host.secretFolder()).isEmptyDirectory();
    host.close();
  }

  @Test
  void launch_becomesWhatStoodBy() throws IOException {
    RunPlan plan = plan(Map.of("COLOUR", "blue"));
    launcher.standBy(new ReplicaId("fn-1"), plan, Users.FIRST);
    Set<Path> made = runs();

    Started started = launch("fn-1", plan);

    assertThat(Calls.shell(started.endpoint(), "hostname; echo $COLOUR; readlink /proc/self/fd/0"))
        .isEqualTo("fn-1\nblue\n/dev/null\n");
    assertThat(made).hasSize(1);
    assertThat(runs()).isEqualTo(made);
    end(started);
  }

  @Test
  void launch_ofAnotherPlan_isMadeAnew() throws IOException {
    launcher.standBy(new ReplicaId("fn-1"), plan(Map.of("COLOUR", "blue")), Users.FIRST);

    Started started = launch("fn-1", plan(Map.of("COLOUR", "red")));

    assertThat(Calls.shell(started.endpoint(), "echo $COLOUR")).isEqualTo("red\n");
    await().untilAsserted(() -> assertThat(runs()).hasSize(1));
    end(started);
  }

  @Test
  void launch_afterAChangeOfItsSecret_hasTheNewOne() throws IOException {
    RunPlan plan = plan(Map.of());
    launcher.standBy(new ReplicaId("fn-1"), plan, Users.FIRST);
    secrets.replace(TOKEN, "second".getBytes(UTF_8));

    Started started = launch("fn-1", plan);

    assertThat(Calls.get(started.endpoint(), "/secret?token")).isEqualTo("second");
    end(started);
  }

  @Test
  void launch_afterItsSecretWasDeleted_isRefused() {
    RunPlan plan = plan(Map.of());
    launcher.standBy(new ReplicaId("fn-1"), plan, Users.FIRST);
    secrets.delete(TOKEN);

    assertThatThrownBy(() -> launch("fn-1", plan))
        .hasMessage("can't start a replica: secret token.openfaas-fn is missing");
  }

  @Test
  void launch_afterWhatStoodByWasKilled_isMadeAnew() throws IOException {
    RunPlan plan = plan(Map.of());
    Set<Long> before = sandboxes();
    launcher.standBy(new ReplicaId("fn-1"), plan, Users.FIRST);
    await().until(() -> sandboxes().size() == before.size() + 1);
    ProcessHandle.current()
        .children()
        .filter(child -> isSandbox(child) && !before.contains(child.pid()))
        .forEach(ProcessHandle::destroyForcibly);
    await().until(() -> sandboxes().equals(before));

    Started started = launch("fn-1", plan);

    assertThat(Calls.get(started.endpoint(), "/")).isEqualTo("hello\n");
    end(started);
  }

  @Test
  void standDown_leavesNothing() {
    launcher.standBy(new ReplicaId("fn-1"), plan(Map.of()), Users.FIRST);

    launcher.standDown(new ReplicaId("fn-1"));
    launcher.standDown(new ReplicaId("fn-2")); // never stood by

    await().untilAsserted(() -> assertThat(runs()).isEmpty());
  }

  /** Else a thousand functions that come to zero together would make a thousand sandboxes. */
  @Test
  void standBy_whereAllPlacesAreTaken_replacesTheOldest_afterItsStayOnly() throws IOException {
    RunPlan plan = plan(Map.of());
    launcher.standBy(new ReplicaId("fn-1"), plan, Users.FIRST);
    Set<Path> oldest = runs();
    launcher.standBy(new ReplicaId("fn-2"), plan, Users.FIRST);
    Set<Path> full = runs();

    now = now.plus(StandbySandboxes.LEAST_STAY).minusNanos(1);
    launcher.standBy(new ReplicaId("fn-3"), plan, Users.FIRST);
    assertThat(runs()).isEqualTo(full);

    now = now.plusNanos(1);
    launcher.standBy(new ReplicaId("fn-4"), plan, Users.FIRST);
    await().untilAsserted(() -> assertThat(runs()).hasSize(CAPACITY));
    assertThat(runs()).doesNotContainAnyElementsOf(oldest);
  }

  @Test
  void close_leavesNothing_andLetsNothingStandBy() throws IOException {
    Set<Long> before = sandboxes();
    launcher.standBy(new ReplicaId("fn-1"), plan(Map.of()), Users.FIRST);

    launcher.close();
    launcher.standBy(new ReplicaId("fn-2"), plan(Map.of()), Users.FIRST);

    assertThat(runs()).isEmpty();
    assertThat(sandboxes()).isEqualTo(before);
  }

  /** A replica that serves. */
  private record Started(
      ReplicaHandle handle, Endpoint endpoint, CompletableFuture<ReplicaLauncher.Ending> ending) {}

  private Started launch(String replica, RunPlan plan) {
    CompletableFuture<Endpoint> ready = new CompletableFuture<>();
    CompletableFuture<ReplicaLauncher.Ending> ending = new CompletableFuture<>();
    ReplicaHandle handle =
        launcher.launch(
            new ReplicaId(replica),
            plan,
            Users.FIRST,
            new ReplicaLauncher.Watcher() {
              @Override
              public void ready(Endpoint endpoint) {
                ready.complete(endpoint);
              }

              @Override
              public void ended(ReplicaLauncher.Ending ended) {
                ready.completeExceptionally(new AssertionError(ended.toString()));
                ending.complete(ended);
              }
            });
    return new Started(handle, requireNonNull(ready.join()), ending);
  }

  private static void end(Started started) {
    started.handle().kill();
    started.ending().join();
  }

  private RunPlan plan(Map<String, String> environment) {
    return new RunPlans(
            testHost.images,
            config.watchdog(),
            host.jail().level(),
            host.ownUsers(),
            /* processesPerReplica= */ 100,
            config.gatewayUrl())
        .plan(
            Spec.of(TestHost.WORKING)
                .withEnvironment(environment)
                .withSecret(TOKEN.name())
                .named(FN));
  }

  private Set<Path> runs() throws IOException {
    try (Stream<Path> runs = Files.list(host.runFolder())) {
      return runs.collect(Collectors.toSet());
    }
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
