package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.Enforcement;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaStatus;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to single replicas: limits, crashes, room on the node, what is refused. */
@SuppressWarnings("NotNullFieldNotInitialized") // JUnit calls open before each test
class ReplicaLifeTest {

  private static final FunctionName FN = FunctionName.parse("fn");

  private @TempDir Path folder;

  // Mutable state
  private TestHost host;
  private ReplicaFixture fixture;

  @BeforeEach
  void open() throws IOException {
    RequiredTools.requireProgram("bwrap");
    host = new TestHost(folder);
    fixture =
        new ReplicaFixture(
            host,
            host.config(IsolationRequest.AUTO)
                .withCapacity(
                    new NodeCapacity(/* cpuMillis= */ 1_000, /* memoryBytes= */ 1L << 30)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void crash_isToldWithItsLastWordsAndCounted() throws IOException {
    Endpoint endpoint = fixture.deploy("fn", TestHost.WORKING, spec -> spec);

    assertThatThrownBy(() -> Calls.get(endpoint, "/crash"))
        .isInstanceOfAny(IOException.class, StringIndexOutOfBoundsException.class);

    fixture.listener.await(
        () -> !fixture.listener.events(FN, ReplicaGone.class).isEmpty(), "ReplicaGone");
    assertThat(fixture.listener.events(FN, ReplicaGone.class).getFirst().reason())
        .isEqualTo("its process ended: exit status 3");
    fixture.listener.awaitReplicas(FN, 1);
    ReplicaStatus replica = fixture.status("fn").replicas().getFirst();
    assertThat(replica.restarts()).isEqualTo(1);
    assertThat(replica.lastLogLines()).contains("the last words before the crash");
  }

  @Test
  void memoryOverItsLimit_isToldAsOomKilled() throws IOException {
    RequiredTools.require(RequiredTools.isRoot(), "root, for cgroups");
    Endpoint endpoint = fixture.deploy("fn", TestHost.WORKING, spec -> spec.withMemory("40Mi"));

    assertThatThrownBy(() -> Calls.get(endpoint, "/eat"))
        .isInstanceOfAny(IOException.class, StringIndexOutOfBoundsException.class);

    fixture.listener.await(
        () -> !fixture.listener.events(FN, ReplicaGone.class).isEmpty(), "ReplicaGone");
    assertThat(fixture.listener.events(FN, ReplicaGone.class).getFirst().reason())
        .isEqualTo("OOMKilled: it used more memory than limits.memory, 40Mi");
    fixture.listener.awaitReplicas(FN, 1);
  }

  @Test
  void replicaThatDoesntFit_isPendingWithTheNodesFigures() {
    fixture.deploy("fn", TestHost.WORKING, spec -> spec.withCpuRequest("600m"));

    fixture.provider.scale(FN, 2);

    fixture.listener.await(
        () -> !fixture.listener.events(FN, StartFailed.class).isEmpty(), "StartFailed");
    String reason = "Insufficient cpu: 600m requested, 600m of 1000m taken on this node";
    assertThat(fixture.listener.events(FN, StartFailed.class).getFirst().reason())
        .isEqualTo(reason);
    ReplicaStatus pending = fixture.status("fn").replicas().getLast();
    assertThat(pending.state()).isEqualTo(ReplicaStatus.State.PENDING);
    assertThat(pending.reason()).isEqualTo(reason);
    assertThat(fixture.status("fn").readyReplicas()).isEqualTo(1);
  }

  @Test
  void pendingReplica_startsWhenAnotherFunctionMakesRoom() {
    fixture.deploy("other", TestHost.WORKING, spec -> spec.withCpu("600m"));
    fixture.provider.deploy(Spec.of(TestHost.WORKING).withCpu("600m").named(FN));
    fixture.listener.await(
        () -> !fixture.listener.events(FN, StartFailed.class).isEmpty(), "StartFailed");

    fixture.provider.delete(FunctionName.parse("other"));

    fixture.listener.awaitReplicas(FN, 1);
  }

  @Test
  void updateThatDoesntFitBesideTheOld_goesOneByOneAndKeepsOneServing() {
    fixture.deploy("fn", TestHost.WORKING, spec -> spec.withCpu("500m"));
    fixture.provider.scale(FN, 2);
    fixture.listener.awaitReplicas(FN, 2);

    fixture.provider.update(Spec.of(TestHost.CHANGED).withCpu("500m").named(FN));

    fixture.listener.await(
        () -> fixture.listener.events(FN, ReplicaGone.class).size() == 2, "two old replicas' end");
    fixture.listener.awaitReplicas(FN, 2);
  }

  @Test
  void lastServingReplica_isKeptThoughItsSuccessorDoesntFit() throws IOException {
    Endpoint old = fixture.deploy("fn", TestHost.WORKING, spec -> spec.withCpu("700m"));

    fixture.provider.update(Spec.of(TestHost.CHANGED).withCpu("700m").named(FN));

    fixture.listener.await(
        () -> !fixture.listener.events(FN, StartFailed.class).isEmpty(), "StartFailed");
    assertThat(Calls.get(old, "/")).isEqualTo("hello\n");
    assertThat(fixture.status("fn").readyReplicas()).isEqualTo(1);
  }

  @Test
  void enforcement_tellsWhatIsKept() {
    RequiredTools.require(RequiredTools.isRoot(), "root, for cgroups");
    fixture.deploy("fn", TestHost.WORKING, spec -> spec.withMemory("128Mi").withCpu("200m"));

    FunctionStatus status = fixture.status("fn");

    assertThat(status.enforcement())
        .contains(
            new Enforcement("isolation", "auto", "sandbox"),
            new Enforcement("limits.memory", "128Mi", "128Mi"),
            new Enforcement("limits.cpu", "200m", "200m"),
            new Enforcement("processes", "512", "512"));
  }

  @Test
  void policy_isReadFromTheEnvironment() {
    fixture.deploy(
        "fn",
        TestHost.WORKING,
        spec -> spec.withEnvironment(Map.of("exec_timeout", "1m30s", "max_inflight", "3")));

    assertThat(fixture.listener.events(FN, FunctionChanged.class).getFirst().policy())
        .isEqualTo(
            new InvocationPolicy(
                Duration.ofSeconds(90), /* maxInflight= */ 3, /* durationHeader= */ true));
  }

  @Test
  void serverOnAPortOfItsOwn_isReplacedNotDoubled() throws IOException {
    Map<String, String> fixedPort = Map.of("upstream_url", "http://127.0.0.1:" + freePort());
    fixture.deploy("fn", TestHost.TCP, spec -> spec.withEnvironment(fixedPort));
    fixture.provider.scale(FN, 2);

    fixture.provider.update(Spec.of(TestHost.TCP).withEnvironment(fixedPort).named(FN));

    fixture.listener.await(
        () -> fixture.listener.events(FN, ReplicaGone.class).size() == 1, "the old replica's end");
    fixture.listener.awaitReplicas(FN, 1);
    assertThat(Calls.get(fixture.listener.ready(FN).getFirst().endpoint(), "/"))
        .isEqualTo("hello\n");
    assertThat(fixture.listener.events(FN, StartFailed.class)).isEmpty();
  }

  private static int freePort() {
    Ports ports = new Ports();
    return ports.take();
  }

  @Test
  void impossibleDeployments_areRefusedWithASentence() {
    refused(Spec.of(TestHost.WORKING).withSecret("token"), "secrets: \"token\"");
    refused(
        Spec.of(TestHost.WORKING).withEnvironment(Map.of("mode", "htpp")),
        "envVars.mode: \"htpp\"");
    refused(
        Spec.of(TestHost.WORKING).withEnvironment(Map.of("exec_timeout", "soon")),
        "envVars.exec_timeout: \"soon\"");
    refused(
        Spec.of(TestHost.WORKING).withEnvironment(Map.of("max_inflight", "-1")),
        "envVars.max_inflight: \"-1\"");
    refused(
        Spec.of(TestHost.TCP).withEnvironment(Map.of("upstream_url", "nowhere")),
        "envVars.upstream_url: \"nowhere\"");
    refused(Spec.of(TestHost.WORKING).withEnvironment(Map.of("a b", "c")), "envVars: \"a b\"");
    refused(Spec.of(TestHost.EMPTY), "names none");
    refused(Spec.of(TestHost.WORKING).withProcess("./missing"), "no file './missing'");
    refused(Spec.of(TestHost.WORKING).withProcess("../../etc/passwd"), "no file");
    refused(Spec.of(TestHost.WORKING).withProcess("no-such-program x"), "no-such-program");
    assertThat(fixture.store.load()).isEmpty();
  }

  private void refused(Spec spec, String sentence) {
    assertThatThrownBy(() -> fixture.provider.deploy(spec.named(FN)))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void endlessOutputOfMany_stopsNothingAndFillsNoDisk() throws IOException {
    for (int i = 0; i < 8; i++) {
      fixture.deploy("loud" + i, TestHost.WORKING, spec -> spec.withProcess("sh loud.sh"));
    }
    Endpoint quiet = fixture.deploy("quiet", TestHost.WORKING, spec -> spec);

    assertThat(Calls.get(quiet, "/")).isEqualTo("hello\n");
    assertThat(TestHost.bytes(host.data.resolve("logs"))).isLessThan(9 * (1L << 20));
  }

  @Test
  void nothingIsLeft_whenAllIsDeleted() throws IOException {
    fixture.deploy("fn", TestHost.WORKING, spec -> spec.withMemory("64Mi"));

    fixture.provider.delete(FN);

    fixture.listener.await(() -> fixture.listener.present(FN) == 0, "the end of " + FN);
    fixture.close();
    try (Stream<Path> runs = Files.list(host.data.resolve("run"))) {
      assertThat(runs).isEmpty();
    }
    for (String group : Files.readAllLines(host.data.resolve("cgroups"))) {
      assertThat(Path.of(group)).doesNotExist();
    }
    assertThat(host.data.resolve("logs/openfaas-fn/fn")).doesNotExist();
  }
}
