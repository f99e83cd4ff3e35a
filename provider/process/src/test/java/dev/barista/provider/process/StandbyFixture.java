package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.api.SecretName;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.SecretStore;
import dev.barista.provider.testkit.FakeSecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A launcher of sandboxes that may stand by, in a folder of a test. */
final class StandbyFixture implements AutoCloseable {

  static final FunctionName FN = FunctionName.parse("fn");
  static final SecretName TOKEN = new SecretName("token", FunctionName.DEFAULT_NAMESPACE);
  static final int CAPACITY = 2;

  /** Far above what the slowest machine needs. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestHost testHost;
  private final ProcessProviderConfig config;
  private final Host host;

  final ProcessLauncher launcher;
  final FakeSecretStore secrets = new FakeSecretStore();

  // Mutable state
  volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** What a test puts in the place of a part of the platform. */
  interface Change<T> {
    T of(T part) throws IOException;
  }

  /** A replica that serves. */
  record Started(
      ReplicaHandle handle, Endpoint endpoint, CompletableFuture<ReplicaLauncher.Ending> ending) {

    void end() {
      handle.kill();
      ending.join();
    }
  }

  StandbyFixture(Path folder) throws IOException {
    this(folder, jail -> jail, secrets -> secrets);
  }

  StandbyFixture(Path folder, Change<Jail> jail, Change<SecretStore> store) throws IOException {
    RequiredTools.requireProgram("bwrap");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    testHost = new TestHost(folder);
    config = testHost.config(IsolationRequest.SANDBOX);
    host = changed(Host.open(config), jail);
    launcher =
        new ProcessLauncher(host, ProcessLimits.DEFAULT, store.of(secrets), CAPACITY, () -> now);
    secrets.insert(TOKEN, "first".getBytes(UTF_8));
  }

  private static Host changed(Host host, Change<Jail> jail) throws IOException {
    return new Host(
        host.spawner(),
        host.pump(),
        host.folderWatch(),
        jail.of(host.jail()),
        host.isolationNote(),
        host.ownUsers(),
        host.cgroups(),
        host.runFolder(),
        host.secretFolder(),
        host.logs(),
        host.users(),
        host.escapees());
  }

  /** To wait for what shall come. */
  static ConditionFactory patiently() {
    return Awaitility.await().atMost(PATIENCE);
  }

  void standBy(String replica, RunPlan plan) {
    launcher.standBy(new ReplicaId(replica), plan, Users.FIRST);
  }

  /** Until what stands by has made its mounts. */
  static void awaitWaiting() {
    patiently()
        .until(() -> ProcessHandle.current().descendants().anyMatch(StandbyFixture::isLastShell));
  }

  private static boolean isLastShell(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .startsWith("/bin/sh\0-c\0" + Jail.ENTER + "\0barista\0wait\0");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  Started launch(String replica, RunPlan plan) {
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

  RunPlan plan(Map<String, String> environment) {
    return plan(Spec.of(TestHost.WORKING).withEnvironment(environment).withSecret(TOKEN.name()));
  }

  RunPlan plan(Spec spec) {
    return new RunPlans(
            testHost.images,
            config.watchdog(),
            host.jail().level(),
            host.ownUsers(),
            /* processesPerReplica= */ 100,
            config.gatewayUrl())
        .plan(spec.named(FN));
  }

  /** The folder of each. */
  Set<Path> runs() throws IOException {
    try (Stream<Path> runs = Files.list(host.runFolder())) {
      return runs.collect(Collectors.toSet());
    }
  }

  /** The folder of the run with that number. */
  Path run(int number) {
    return host.runFolder().resolve(Integer.toString(number, Character.MAX_RADIX));
  }

  /** Nothing is left then. */
  @Override
  public void close() throws IOException {
    launcher.close();
    assertThat(runs()).isEmpty();
    assertThat(host.secretFolder()).isEmptyDirectory();
    host.close();
  }
}
