package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A function keeps its promises whether a stand-alone watchdog runs it or the platform does: the
 * same cases ({@link WatchdogCases}) through both.
 */
@ExtendWith(SharedBarista.class)
class WatchdogModesIT {

  private static final List<String> FILES =
      List.of("/modes/server.py", "/modes/fail.sh", "/modes/begin.sh");

  @TempDir private static Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Barista barista;

  WatchdogModesIT(Barista barista) {
    this.barista = barista;
  }

  @BeforeAll
  static void build(Barista barista) throws IOException {
    ResourceFunction.up(barista, folder, "modes", FILES, "cat", Map.of());
  }

  static Stream<WatchdogCases.Setup> setups() {
    return WatchdogCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("setups")
  void standAlone_keepsWhatIsPromised(WatchdogCases.Setup setup) throws Exception {
    try (StandAloneWatchdog watchdog = standAlone(setup)) {
      for (WatchdogCases.Case one : setup.cases()) {
        check(one, watchdog.url());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void gateway_keepsThePromiseToo_orTheTableSaysWhyNot(WatchdogCases.Setup setup) throws Exception {
    String name = deploy(setup);
    try {
      for (WatchdogCases.Case one : setup.cases()) {
        if (one.gatewayDiffers().isEmpty()) {
          check(one, barista.url() + "/function/" + name);
        }
      }
    } finally {
      barista.delete(name);
    }
  }

  /** Of three calls at a time two run; the third is refused, and there is room afterwards. */
  @Test
  void maxInflight_isKeptByBoth() throws Exception {
    for (String mode : List.of("http", "streaming")) {
      var setup =
          new WatchdogCases.Setup(
              mode,
              mode.equals("http") ? "python3 -S server.py" : "cat",
              Map.of("max_inflight", "2"),
              List.of());
      try (StandAloneWatchdog watchdog = standAlone(setup)) {
        limited(watchdog.url() + "/x");
      }
      // The gateway lets calls wait where a watchdog refuses them, unless its line has no place.
      String name = deploy(setup, Map.of("barista.dev/queue-size", "0"));
      // Calls that wait for the first replica wait for room in it too.
      barista.invoke(name, "");
      limited(barista.url() + "/function/" + name + "/x");
      barista.delete(name);
    }
  }

  private static void limited(String url) throws Exception {
    List<UnfinishedCall> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(UnfinishedCall.to(URI.create(url)));
    }
    List<CompletableFuture<String>> answers = calls.stream().map(UnfinishedCall::answer).toList();
    CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).join();
    for (UnfinishedCall call : calls) {
      if (!call.answer().isDone()) {
        call.finish();
      }
    }

    Map<Boolean, List<String>> byRefusal =
        answers.stream()
            .map(CompletableFuture::join)
            .collect(Collectors.partitioningBy(answer -> answer.startsWith("HTTP/1.1 429 ")));
    assertThat(byRefusal.get(true))
        .as(url)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("Concurrent request limit exceeded. Max concurrent requests: 2")
        .containsIgnoringCase("X-OpenFaaS-Internal: faas-middleware\r\n");
    assertThat(byRefusal.get(false)).as(url).allMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
  }

  /** What a platform's log reader and a user's eye look for. */
  @Test
  void logs_haveTheirPrefixes() throws Exception {
    var setup =
        new WatchdogCases.Setup(
            "http", "python3 -S server.py", Map.of("log_callid", "true"), List.of());
    try (StandAloneWatchdog watchdog = standAlone(setup)) {
      var request =
          HttpRequest.newBuilder(URI.create(watchdog.url() + "/x"))
              .header("X-Call-Id", "id-1")
              .build();
      client.send(request, BodyHandlers.ofString());

      patiently()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .containsPattern(
                          "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d stderr: served /x\n")
                      .containsPattern(
                          "GET /x - 200 - ContentLength: \\d+B \\(\\d+\\.\\d{4}s\\) \\[id-1]\n"));
    }
  }

  private StandAloneWatchdog standAlone(WatchdogCases.Setup setup) {
    Map<String, String> settings = new HashMap<>(setup.settings());
    boolean classic = setup.mode().equals("classic");
    if (!classic) {
      settings.put("mode", setup.mode());
    }
    return StandAloneWatchdog.start(folder.resolve("modes"), classic, setup.fprocess(), settings);
  }

  private String deploy(WatchdogCases.Setup setup) {
    return deploy(setup, Map.of());
  }

  private String deploy(WatchdogCases.Setup setup, Map<String, String> annotations) {
    Map<String, String> variables = new HashMap<>(setup.settings());
    variables.put("mode", setup.mode());
    Map<String, Object> deployment = new HashMap<>();
    String name = "mode-" + setup.mode() + "-" + Integer.toHexString(setup.hashCode());
    deployment.put("service", name);
    deployment.put("image", "modes:latest");
    deployment.put("envVars", variables);
    deployment.put("annotations", annotations);
    if (!setup.fprocess().isEmpty()) {
      deployment.put("envProcess", setup.fprocess());
    }
    var answer = barista.deploy(JsonMapper.shared().writeValueAsString(deployment));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return name;
  }

  private void check(WatchdogCases.Case one, String url) throws InterruptedException {
    HttpResponse<String> answer;
    try {
      answer = client.send(request(one, url), BodyHandlers.ofString());
    } catch (IOException broken) {
      assertThat(one.status()).as(one + " at " + url + ": " + broken).isZero();
      return;
    }
    assertThat(answer.statusCode())
        .as(one + " at " + url + ": " + answer.body())
        .isEqualTo(one.status());
    assertThat(answer.body()).as(one + " at " + url).containsPattern(one.body());
    one.headers()
        .forEach(
            (name, pattern) ->
                assertThat(answer.headers().firstValue(name).orElse(""))
                    .as(one + " at " + url + ": " + name)
                    .matches(pattern));
  }

  private static HttpRequest request(WatchdogCases.Case one, String url) {
    boolean chunked = one.method().equals("CHUNKED");
    BodyPublisher body = BodyPublishers.ofString(one.sent());
    BodyPublisher sent =
        one.sent().isEmpty()
            ? BodyPublishers.noBody()
            : chunked ? BodyPublishers.fromPublisher(body) : body;
    var request =
        HttpRequest.newBuilder(URI.create(url + one.path()))
            .method(chunked ? "POST" : one.method(), sent);
    one.requestHeaders().forEach(request::header);
    return request.build();
  }
}
