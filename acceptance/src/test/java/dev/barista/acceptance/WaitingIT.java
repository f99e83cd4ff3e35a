package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls that wait: for their turn at a concurrency limit, for a start from zero. */
@ExtendWith(SharedBarista.class)
class WaitingIT {

  private final Barista barista;

  WaitingIT(Barista barista) {
    this.barista = barista;
  }

  /** Alerts change nothing: on a slow machine the calls may be a load that lasts. */
  private HttpResponse<String> deploy(String name, String annotations) {
    return barista.deploy(
        """
        {"service":"%s","image":"functions/alpine:latest","envProcess":"cat","annotations":{%s},
         "labels":{"com.openfaas.scale.factor":"0"}}\
        """
            .formatted(name, annotations));
  }

  private List<CompletableFuture<HttpResponse<String>>> calls(String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> barista.request("/function/" + name).POST(BodyPublishers.noBody()))
        .map(barista::sendAsync)
        .toList();
  }

  private void awaitMetric(String line) {
    patiently().untilAsserted(() -> assertThat(barista.metrics().lines()).contains(line));
  }

  @Test
  void callsAtTheLimit_takeTurns_andAreRefusedWhereTheLineIsFull() throws Exception {
    deploy("turns", "\"barista.dev/container-concurrency\":\"1\",\"barista.dev/queue-size\":\"2\"");
    barista.invoke("turns", "");
    String function = "{function_name=\"turns.openfaas-fn\"} ";

    List<UnfinishedCall> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(UnfinishedCall.to(barista.request("/function/turns").build().uri()));
    }
    awaitMetric("barista_function_waiting" + function + 2);
    assertThat(barista.metrics().lines())
        .contains(
            "gateway_function_invocation_inflight" + function + 3,
            "gateway_service_ready_count" + function + 1);
    HttpResponse<String> refused = barista.invoke("turns", "");

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.body())
        .startsWith("pending request queue full")
        .contains("[barista.dev/queue-size]");
    for (UnfinishedCall call : calls) {
      call.finish();
    }
    assertThat(calls)
        .allSatisfy(call -> assertThat(call.answer().join()).startsWith("HTTP/1.1 200 "));
    awaitMetric("gateway_function_invocation_inflight" + function + 0);
    assertThat(barista.metrics().lines()).contains("barista_function_waiting" + function + 0);
    barista.delete("turns");
  }

  @Test
  void callersOfAFunctionAtZero_areAllAnswered_andTheStartIsMeasured() {
    deploy("sleepy", "");
    barista.invoke("sleepy", "");
    barista.scale("sleepy", 0);
    awaitMetric("gateway_service_ready_count{function_name=\"sleepy.openfaas-fn\"} 0");
    long before = coldStarts();

    calls("sleepy", 50).forEach(call -> assertThat(call.join().statusCode()).isEqualTo(200));

    assertThat(coldStarts()).isGreaterThan(before);
    assertThat(barista.status("sleepy")).contains("\"replicas\":1");
    barista.delete("sleepy");
  }

  /** First answers to calls that woke a function. */
  private long coldStarts() {
    String line = "barista_cold_start_seconds_count{phase=\"first_byte\"} ";
    return barista
        .metrics()
        .lines()
        .filter(text -> text.startsWith(line))
        .mapToLong(text -> Long.parseLong(text.substring(line.length())))
        .sum();
  }

  @Test
  void functionThatIsNotToBeWoken_is503AtOnce() {
    deploy("asleep", "\"barista.dev/scale-from-zero\":\"false\"");
    barista.scale("asleep", 0);
    awaitMetric("gateway_service_ready_count{function_name=\"asleep.openfaas-fn\"} 0");

    HttpResponse<String> answer = barista.invoke("asleep", "");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("[barista.dev/scale-from-zero]");
    assertThat(barista.metrics().lines())
        .contains("gateway_service_count{function_name=\"asleep.openfaas-fn\"} 0");
    barista.delete("asleep");
  }

  @Test
  void wrongAnnotations_areRefusedWithTheirRange() {
    for (String wrong :
        List.of(
            "\"barista.dev/container-concurrency\":\"1001\"",
            "\"barista.dev/queue-size\":\"-1\"",
            "\"barista.dev/scale-from-zero\":\"maybe\"")) {
      HttpResponse<String> answer = deploy("wrong", wrong);
      String name = wrong.substring(1, wrong.indexOf("\":"));

      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
      assertThat(answer.body()).contains("annotations." + name, "(expected: ");
    }
  }
}
