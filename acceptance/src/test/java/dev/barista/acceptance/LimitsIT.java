package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.DoubleSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits of CPU and memory, and admission, as the labs of seed 001 measure them. */
@ExtendWith(SharedBarista.class)
class LimitsIT {

  /** Calls that go on for seconds would be a load that the built-in rule answers with more. */
  private static final String ONE_REPLICA = "{\"com.openfaas.scale.max\":\"1\"}";

  private static final int CALLS = 30;

  /** Rounds of the sample: some 15 ms of a processor. */
  private static final String WORK = "100000";

  private final Barista barista;

  LimitsIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void cpuLimit_timesMeanLatency_isConstant() {
    Map<Integer, Double> products = new TreeMap<>();
    for (int millis : new int[] {50, 100, 250, 500}) {
      String name = "float-" + millis;
      barista.deploy(
          """
          {"service":"%s","image":"float-operation:latest","limits":{"cpu":"%dm","memory":"128Mi"},
           "requests":{"cpu":"10m","memory":"16Mi"},"labels":%s}\
          """
              .formatted(name, millis, ONE_REPLICA));
      products.put(millis, millis * meanLatency(name));
      barista.delete(name);
    }

    double mean =
        products.values().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(products)
        .allSatisfy(
            (millis, product) ->
                assertThat(product)
                    .as("limit × mean latency at %dm of %s", millis, products)
                    .isBetween(mean * 0.75, mean * 1.25));
  }

  /**
   * Milliseconds of one call, over one connection. The first calls use up what the quota of the
   * running period still allows, so that a high limit is not measured on credit.
   */
  private double meanLatency(String function) {
    for (int i = 0; i < CALLS / 10; i++) {
      barista.invoke(function, WORK);
    }
    DoubleSummaryStatistics latencies = new DoubleSummaryStatistics();
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      HttpResponse<String> answer = barista.invoke(function, WORK);
      latencies.accept((System.nanoTime() - start) / 1e6);
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    return latencies.getAverage();
  }

  @Test
  void classicCalls_allRunInTheReplicasGroup() {
    barista.deploy(
        """
        {"service":"groups","image":"functions/alpine:latest","envProcess":"cat /proc/self/cgroup",
         "limits":{"cpu":"1","memory":"64Mi"},"requests":{"cpu":"10m","memory":"8Mi"},"labels":%s}\
        """
            .formatted(ONE_REPLICA));
    String first = barista.invoke("groups", "").body();

    assertThat(first).contains("barista");
    for (int i = 0; i < 1_000; i++) {
      assertThat(barista.invoke("groups", "").body()).isEqualTo(first);
    }
    barista.delete("groups");
  }

  @Test
  void memoryLimit_ofAFewMebibytes_isTheFunctionsNotTheWatchdogs() {
    barista.deploy(
        """
        {"service":"small","image":"functions/alpine:latest","envProcess":"env",
         "limits":{"memory":"5Mi"}}\
        """);

    assertThat(barista.invoke("small", "").body()).contains("OPENFAAS_NAME=small");
    barista.delete("small");
  }

  @Test
  void overMemory_isKilled_told_andTheNextCallServed() {
    barista.deploy(
        """
        {"service":"greedy","image":"functions/alpine:latest",
         "envProcess":"tail /dev/zero","limits":{"memory":"20Mi"}}\
        """);

    HttpResponse<String> answer = barista.invoke("greedy", "");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).containsIgnoringCase("memory");
    assertThat(barista.status("greedy")).contains("\"availableReplicas\":1");
    barista.delete("greedy");
  }

  @Test
  void replicaThatDoesNotFit_isPending_withTheNodesFigures() {
    barista.deploy(
        """
        {"service":"huge","image":"functions/alpine:latest","envProcess":"cat",
         "requests":{"cpu":"1000","memory":"1Mi"}}\
        """);

    patiently().until(() -> barista.status("huge").contains("Insufficient cpu"));
    assertThat(barista.status("huge")).contains("pending");
    assertThat(barista.command("describe", "huge").out()).contains("Insufficient cpu");
    barista.delete("huge");
  }
}
