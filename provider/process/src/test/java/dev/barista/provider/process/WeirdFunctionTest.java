package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaStatus;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.process.log.LogLimits;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that are no good functions: each has its sentence, and harms nobody. */
@SuppressWarnings("NotNullFieldNotInitialized") // JUnit calls open before each test
class WeirdFunctionTest {

  private static final FunctionName FN = FunctionName.parse("fn");

  private @TempDir Path folder;

  // Mutable state
  private TestHost host;
  private ReplicaFixture fixture;

  @BeforeEach
  void open() throws IOException {
    host = new TestHost(folder);
    fixture = fixture(Duration.ofSeconds(60));
  }

  /**
   * @param start after which a replica that doesn't listen is given up
   */
  private ReplicaFixture fixture(Duration start) throws IOException {
    return new ReplicaFixture(
        host,
        host.config(IsolationRequest.AUTO)
            .withLogs(new LogLimits(64 << 10, 64 << 20, Duration.ofDays(1)))
            .withPatience(new Patience(start, Duration.ZERO, Duration.ofMillis(100))));
  }

  /** Only for what never listens: a slow machine may need longer for what does. */
  private void giveUpSoon() throws IOException {
    fixture.close();
    fixture = fixture(Duration.ofSeconds(2));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private StartFailed failure(Spec spec) {
    fixture.provider.deploy(spec.named(FN));
    fixture.listener.await(
        () -> !fixture.listener.events(FN, StartFailed.class).isEmpty(), "StartFailed");
    return fixture.listener.events(FN, StartFailed.class).getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sh weird.sh leave     | ended without a fault (exit status 0)",
        "sh weird.sh daemonise | ended without a fault (exit status 0)",
        "true                  | ended without a fault (exit status 0)",
        "sh weird.sh fail      | its process ended: exit status 7",
        "sh weird.sh signal    | its process ended: signal: killed",
      })
  void programThatLeaves_isToldWithItsLastWords(String process, String sentence) {
    StartFailed failure = failure(Spec.of(TestHost.WORKING).withProcess(process));

    assertThat(failure.reason()).contains(sentence);
    if (!process.equals("true")) {
      assertThat(failure.lastLogLines()).contains("weird: last words");
    }
    ReplicaStatus replica = fixture.status("fn").replicas().getFirst();
    assertThat(replica.reason()).contains(sentence);
    assertThat(fixture.status("fn").readyReplicas()).isZero();
  }

  /** What it left in the background is no replica, and doesn't outlive it. */
  @Test
  void daemonOfAProgramThatLeft_isEnded() throws IOException {
    failure(Spec.of(TestHost.WORKING).withProcess("sh weird.sh daemonise"));

    fixture.provider.delete(FN);
    fixture.close();

    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      assertThat(all.map(process -> process.info().commandLine().orElse("")))
          .noneMatch(line -> line.contains("sleep 4711.25"));
    }
  }

  @Test
  void serverThatNeverListens_isGivenUp() throws IOException {
    giveUpSoon();
    StartFailed failure =
        failure(Spec.of(TestHost.WORKING).withProcess("sh weird.sh never-listen"));

    assertThat(failure.reason())
        .isEqualTo(
            "it accepted no connection on the socket that BARISTA_SOCKET names within 2 s"
                + " [--start-timeout]");
    assertThat(failure.lastLogLines()).contains("weird: last words");
  }

  @Test
  void serverThatListensElsewhere_isGivenUp() throws IOException {
    giveUpSoon();
    StartFailed failure = failure(Spec.of(TestHost.TCP).withProcess("sh weird.sh never-listen"));

    assertThat(failure.reason())
        .startsWith("it accepted no connection on the port that PORT names");
  }

  @Test
  void serverThatListensLate_isReadyThen() throws IOException {
    Endpoint endpoint =
        fixture.deploy("fn", TestHost.WORKING, spec -> spec.withProcess("sh weird.sh late"));

    assertThat(Calls.get(endpoint, "/")).isEqualTo("hello\n");
    assertThat(fixture.listener.events(FN, StartFailed.class)).isEmpty();
  }

  @Test
  void serverThatIgnoresItsEnd_isKilled() {
    fixture.deploy("fn", TestHost.WORKING, spec -> spec.withProcess("sh weird.sh stubborn"));

    fixture.provider.delete(FN);

    fixture.listener.await(() -> fixture.listener.present(FN) == 0, "the end of " + FN);
    assertThat(fixture.listener.events(FN, ReplicaGone.class)).hasSize(1);
  }

  /** It is paced, so that the test ends long before the gigabyte does. */
  @Test
  void gigabyteOfOutput_fillsNoDiskAndDelaysNobody() throws IOException {
    Endpoint loud =
        fixture.deploy("fn", TestHost.WORKING, spec -> spec.withProcess("sh weird.sh print"));
    Endpoint quiet = fixture.deploy("quiet", TestHost.WORKING, spec -> spec);

    assertThat(Calls.get(loud, "/")).isEqualTo("hello\n");
    assertThat(Calls.get(quiet, "/")).isEqualTo("hello\n");
    Path logs = host.data.resolve("logs/openfaas-fn/fn");
    await().atMost(Duration.ofSeconds(60)).until(() -> TestHost.bytes(logs) > 0);
    assertThat(TestHost.bytes(logs)).isPositive().isLessThanOrEqualTo(2 * (64 << 10));
  }

  @Test
  void largeEnvironment_arrivesWhole() throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < 7; i++) {
      variables.put("LARGE_" + i, "x".repeat(120_000));
    }
    for (int i = 0; i < 1_000; i++) {
      variables.put("SMALL_" + i, "y");
    }

    Endpoint endpoint =
        fixture.deploy("fn", TestHost.WORKING, spec -> spec.withEnvironment(variables));

    String environment = Calls.get(endpoint, "/env");
    assertThat(environment).hasSizeGreaterThan(7 * 120_000).contains("\"SMALL_999\": \"y\"");
  }

  @Test
  void environmentThatNoProcessCanHave_isRefused() {
    refused(Map.of("LARGE", "x".repeat(200_000)), "envVars.LARGE: \"200006 bytes\"");
    Map<String, String> together = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      together.put("LARGE_" + i, "x".repeat(120_000));
    }
    refused(together, "at most 1048576 bytes together");
    refused(Map.of("a\u0001b", "c"), "envVars: \"a?b\"");
    refused(Map.of("a=b", "c"), "envVars: \"a=b\"");
  }

  private void refused(Map<String, String> variables, String sentence) {
    assertThatThrownBy(
            () ->
                fixture.provider.deploy(
                    Spec.of(TestHost.WORKING).withEnvironment(variables).named(FN)))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining(sentence);
  }
}
