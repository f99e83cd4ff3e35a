package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.process.VictimPlatform.Held;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.testkit.FakeSecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing of a replica is left when it is gone, nor of one that never came to be. */
class EscapeeTest {

  private static final FunctionName FN = FunctionName.parse("fn");

  private @TempDir Path folder;
  private TestHost host;

  @BeforeEach
  void makeHost() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    host = new TestHost(folder);
  }

  private ProcessProviderConfig withoutCgroups(IsolationRequest level) {
    ProcessProviderConfig config = host.config(level);
    return config.withConfinement(config.confinement().withoutCgroups());
  }

  @ParameterizedTest
  @CsvSource({"NONE, BY_VARIABLE", "USER, BY_USER"})
  void processThatLeftItsSession_endsWithItsReplica(IsolationRequest level, Held held)
      throws IOException {
    RequiredTools.require(RequiredTools.isRoot(), "root, for users of their own");
    try (ReplicaFixture fixture = new ReplicaFixture(host, withoutCgroups(level))) {
      Endpoint endpoint = fixture.deploy("fn", TestHost.WORKING, spec -> spec);
      long escaped = escape(endpoint, held);

      fixture.provider.delete(FN);

      fixture.listener.await(() -> fixture.listener.present(FN) == 0, "the end of " + FN);
      assertThat(lives(escaped)).isFalse();
    }
  }

  @Test
  void processThatLeftItsSession_isNoneOfItsSiblings() throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, withoutCgroups(IsolationRequest.NONE))) {
      fixture.deploy("fn", TestHost.WORKING, spec -> spec);
      fixture.provider.scale(FN, 2);
      fixture.listener.awaitReplicas(FN, 2);
      List<ReplicaReady> replicas = fixture.listener.ready(FN);
      long kept = escape(replicas.getFirst().endpoint(), Held.BY_VARIABLE);
      long ended = escape(replicas.getLast().endpoint(), Held.BY_VARIABLE);

      fixture.provider.scale(FN, 1); // the newest goes

      fixture.listener.awaitReplicas(FN, 1);
      assertThat(lives(ended)).isFalse();
      assertThat(lives(kept)).isTrue();
    }
  }

  private static long escape(Endpoint endpoint, Held held) throws IOException {
    String said =
        Calls.shell(
            endpoint,
            held.leave("sh -c 'echo $$; exec sleep 1000 > /dev/null 2>&1 < /dev/null'") + " &");
    return Long.parseLong(said.strip());
  }

  /** A zombie that nobody has reaped yet is dead all the same. */
  private static boolean lives(long pid) throws IOException {
    Path commandLine = Path.of("/proc/" + pid + "/cmdline");
    return Files.exists(commandLine) && Files.readAllBytes(commandLine).length > 0;
  }

  /** It left its folder and its cgroup behind. */
  @Test
  void startThatFailsUnexpectedly_leavesNothing() throws IOException {
    ProcessProviderConfig config = host.config(IsolationRequest.NONE);
    try (Host opened = Host.open(config);
        ProcessLauncher launcher =
            new ProcessLauncher(
                opened,
                ProcessLimits.DEFAULT,
                new FakeSecretStore(),
                /* standbySandboxes= */ 0,
                InstantSource.system())) {
      RunPlan plan = plan(config, opened);
      opened.spawner().close(); // refuses, with an exception that nobody expects

      assertThatThrownBy(
              () -> launcher.launch(new ReplicaId("fn-1"), plan, Users.FIRST, ignoring()))
          .isInstanceOf(LaunchException.class)
          .hasMessage("can't start a replica: the provider's log says why");

      assertThat(opened.runFolder()).isEmptyDirectory();
    }
    assertThat(host.data.resolve("cgroups"))
        .satisfiesAnyOf(
            memo -> assertThat(memo).doesNotExist(),
            memo ->
                assertThat(Files.readAllLines(memo))
                    .allSatisfy(group -> assertThat(Path.of(group)).doesNotExist()));
  }

  private RunPlan plan(ProcessProviderConfig config, Host opened) {
    return new RunPlans(
            host.images,
            config.watchdog(),
            opened.jail().level(),
            /* ownUsers= */ false,
            /* processesPerReplica= */ 100,
            config.gatewayUrl())
        .plan(Spec.of(TestHost.WORKING).named(FN));
  }

  private static ReplicaLauncher.Watcher ignoring() {
    return new ReplicaLauncher.Watcher() {
      @Override
      public void ready(Endpoint endpoint) {
        throw new AssertionError("it never ran");
      }

      @Override
      public void ended(ReplicaLauncher.Ending ending) {
        throw new AssertionError("it never ran");
      }
    };
  }

  @Test
  void deploymentsDuringClose_areRefusedOrEnded() throws Exception {
    ReplicaFixture fixture = new ReplicaFixture(host, withoutCgroups(IsolationRequest.NONE));
    List<Thread> deployers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      FunctionName name = FunctionName.parse("fn" + i);
      deployers.add(Thread.ofVirtual().start(() -> deployUntilClosed(fixture, name)));
    }
    fixture.listener.await(() -> !fixture.listener.events().isEmpty(), "the first deployment");

    fixture.close();

    for (Thread deployer : deployers) {
      deployer.join();
    }
    try (Stream<Path> runs = Files.list(host.data.resolve("run"))) {
      assertThat(runs).isEmpty();
    }
  }

  private static void deployUntilClosed(ReplicaFixture fixture, FunctionName name) {
    try {
      while (true) {
        fixture.provider.deploy(Spec.of(TestHost.FAILING).named(name));
        fixture.provider.delete(name);
      }
    } catch (FaasException closed) {
      assertThat(closed).hasMessage("the platform is shutting down");
    }
  }
}
