package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.spi.Endpoint;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Replicas in of-watchdog's modes. */
class WatchdogModesTest extends JailedHostFixture {

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void forkingModes_runInTheWatchdog(IsolationLevel level) throws IOException {
    for (String mode : new String[] {"streaming", "serializing"}) {
      try (ReplicaFixture fixture = open(level)) {
        Endpoint endpoint =
            fixture.deploy(
                "fn",
                TestHost.UTILITY,
                spec -> spec.withProcess("env").withEnvironment(Map.of("mode", mode)));

        assertThat(Calls.get(endpoint, "/p?q=1"))
            .contains("mode=" + mode + "\n", "Http_Path=/p\n", "Http_Query=q=1\n")
            .doesNotContain("Http_Host");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "NONE"})
  void staticFiles_areThoseOfTheImage_andNeedNoProcess(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = open(level)) {
      Endpoint endpoint =
          fixture.deploy(
              "fn",
              TestHost.UTILITY,
              spec -> spec.withEnvironment(Map.of("mode", "static", "static_path", "/home/app/")));

      assertThat(Calls.get(endpoint, "/")).contains("server.py");
      assertThat(Calls.get(endpoint, "/server.py")).contains("import");
    }
  }

  @Test
  void unknownMode_isRefusedWithTheKnownOnes() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.SANDBOX)) {
      assertThatThrownBy(
              () ->
                  fixture.deploy(
                      "fn",
                      TestHost.UTILITY,
                      spec -> spec.withProcess("cat").withEnvironment(Map.of("mode", "htpp"))))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining("envVars.mode")
          .hasMessageContaining("http, classic, streaming, serializing or static");
    }
  }

  /** As the watchdog would, whose refusal its author would only find in the log. */
  @ParameterizedTest
  @CsvSource({
    "classic, read_timeout, soon",
    "classic, write_timeout, 0",
    "classic, combine_output, maybe",
    "streaming, exec_timeout, -5s",
    "streaming, prefix_logs, yes",
    "serializing, log_buffer_size, many",
    "serializing, max_inflight, few",
    "streaming, ready_path, /not ready",
    "streaming, jwt_auth_debug, maybe",
    "http, exec_timeout, later",
    "http, ready_path, healthz",
    "http, buffer_http, yes",
  })
  void settingThatMakesNoSense_isRefusedByName(String mode, String name, String value)
      throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.NONE)) {
      Map<String, String> environment = Map.of("mode", mode, name, value);
      assertThatThrownBy(
              () ->
                  fixture.deploy(
                      "fn",
                      TestHost.UTILITY,
                      spec -> spec.withProcess("cat").withEnvironment(environment)))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining("envVars." + name + ": \"" + value + "\"");
    }
  }

  @Test
  void emptySetting_isTheDefault() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.NONE)) {
      Map<String, String> environment =
          Map.of("read_timeout", "", "exec_timeout", "", "max_inflight", "", "cgi_headers", "");
      Endpoint endpoint =
          fixture.deploy(
              "fn",
              TestHost.UTILITY,
              spec -> spec.withProcess("echo served").withEnvironment(environment));

      assertThat(Calls.get(endpoint, "/")).isEqualTo("served\n");
    }
  }

  @Test
  void sandbox_tellsTheReplicasNameAsItsHost() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.SANDBOX)) {
      Endpoint endpoint =
          fixture.deploy("fn", TestHost.UTILITY, spec -> spec.withProcess("cat /etc/hostname"));

      assertThat(Calls.get(endpoint, "/")).matches("fn-\\S+\n");
    }
  }

  @Test
  void fprocessThatIsNoProgram_isRefused() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.NONE)) {
      assertThatThrownBy(
              () -> fixture.deploy("fn", TestHost.UTILITY, spec -> spec.withProcess("/tmp")))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining("/tmp is no program of this host");
    }
  }

  @Test
  void fprocessThatBeginsWithASpace_isRefused() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.NONE)) {
      assertThatThrownBy(
              () -> fixture.deploy("fn", TestHost.UTILITY, spec -> spec.withProcess(" cat")))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining("a program before the first space");
    }
  }

  /** The documented way to have a replica left alone: here another takes its place. */
  @Test
  void deletedLockFile_replacesTheReplica() throws IOException {
    try (ReplicaFixture fixture = open(IsolationLevel.SANDBOX)) {
      Endpoint first =
          fixture.deploy("fn", TestHost.UTILITY, spec -> spec.withProcess("rm /tmp/.lock"));
      Calls.get(first, "/");

      fixture.listener.await(
          () ->
              !fixture.listener.ready(FN).isEmpty()
                  && !fixture.listener.ready(FN).getFirst().endpoint().equals(first),
          "another replica");
    }
  }
}
