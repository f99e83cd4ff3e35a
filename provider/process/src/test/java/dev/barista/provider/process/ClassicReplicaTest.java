package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replicas that are a real watchdog in its jail, with its calls in their own cgroup. */
class ClassicReplicaTest extends JailedHostFixture {

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void everyCall_isInTheGroupWithTheLimits(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy(
              "fn",
              TestHost.UTILITY,
              spec -> spec.withProcess("cat /proc/self/cgroup").withMemory("20Mi").withCpu("500m"));

      for (int i = 0; i < 20; i++) {
        assertThat(Calls.get(endpoint, "/").lines())
            .filteredOn(line -> line.matches("[0-9]+:(cpu|memory|pids):.*"))
            .hasSize(3)
            .allMatch(line -> line.matches(".*/barista-[0-9a-f]+/fn-[^/]+/calls"));
      }
      assertThat(fixture.listener.events(FN, FunctionChanged.class).getFirst().policy())
          .isEqualTo(InvocationPolicy.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void smallMemory_isTheCallsNotTheWatchdogs(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy(
              "fn",
              TestHost.UTILITY,
              spec ->
                  spec.withProcess("env").withMemory("5Mi").withEnvironment(Map.of("OWN", "x")));

      assertThat(Calls.get(endpoint, "/?a=b"))
          .contains("OWN=x\n")
          .contains("Http_Query=a=b\n")
          .doesNotContain("BARISTA_CALLS_CGROUP_FDS")
          .doesNotContain("BARISTA_SOCKET");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void callThatNeedsTooMuchMemory_isToldOfItsLimit(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy(
              "fn", TestHost.UTILITY, spec -> spec.withProcess("tail /dev/zero").withMemory("8Mi"));

      assertThat(Calls.get(endpoint, "/")).contains("out of memory: limits.memory");
      assertThat(fixture.status("fn").readyReplicas()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void replicaWhoseLockFileIsDeleted_isTakenOutAndReplaced(IsolationLevel level)
      throws IOException {
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy("fn", TestHost.UTILITY, spec -> spec.withProcess("sh weird.sh take-out"));

      assertThat(Calls.get(endpoint, "/")).isEqualTo("weird: last words\n");

      fixture.listener.await(
          () -> !fixture.listener.events(FN, ReplicaGone.class).isEmpty(), "ReplicaGone");
      assertThat(fixture.listener.events(FN, ReplicaGone.class).getFirst().reason())
          .isEqualTo("its lock file was deleted, which takes it out");
      fixture.listener.awaitReplicas(FN, 1);
    }
  }

  /** In the watchdog's environment each of these would run the function's code in the watchdog. */
  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void hostileEnvironment_reachesTheCallsOnly(IsolationLevel level) throws IOException {
    Map<String, String> hostile =
        Map.of(
            "JAVA_TOOL_OPTIONS", "-agentpath:/nowhere/evil.so",
            "JDK_JAVA_OPTIONS", "-javaagent:/nowhere/evil.jar",
            "_JAVA_OPTIONS", "-Xmx1m",
            "LD_PRELOAD", "/nowhere/evil.so",
            "LD_LIBRARY_PATH", "/home/app",
            "GLIBC_TUNABLES", "glibc.malloc.check=3",
            "a.b", "odd name");
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy(
              "fn", TestHost.UTILITY, spec -> spec.withProcess("env").withEnvironment(hostile));

      String environment = Calls.get(endpoint, "/");

      hostile.forEach((name, value) -> assertThat(environment).contains(name + "=" + value + "\n"));
      assertThat(environment).doesNotContain("BARISTA_FUNCTION_ENVIRONMENT");
      try (Stream<Path> logs = Files.walk(host.data.resolve("logs"))) {
        assertThat(logs.filter(Files::isRegularFile))
            .hasSize(1)
            .allSatisfy(log -> assertThat(log).content().doesNotContain("evil", "Picked up"));
      }
    }
  }

  /** The watchdog stands outside the limits, so a call that enters it would leave them. */
  @Test
  void call_canNotEnterItsWatchdog() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.SANDBOX)) {
      Endpoint endpoint =
          fixture.deploy(
              "fn",
              TestHost.UTILITY,
              spec -> spec.withProcess("find /proc -maxdepth 2 -name mem -readable"));

      String own = Calls.get(endpoint, "/");

      assertThat(own.lines().filter(line -> line.matches("/proc/\\d+/mem"))).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX"})
  void call_isAsJailedAsItsWatchdog(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy("fn", TestHost.UTILITY, spec -> spec.withProcess("cat /proc/self/status"));

      assertThat(Calls.get(endpoint, "/"))
          .contains("CapEff:\t0000000000000000")
          .contains("NoNewPrivs:\t1")
          .containsPattern("Uid:\t(19|20|21)\\d{8}\t");
    }
  }
}
