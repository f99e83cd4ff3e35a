package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus scrapes, after a known history: each call counted once, names exact. */
class MetricsIT {

  @Test
  void everyCall_isCountedOnce_underItsStatus(@TempDir Path data) {
    try (Barista barista = Barista.start(data)) {
      barista.deploy(
          "{\"service\":\"cat\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"cat\"}");
      barista.deploy(
          "{\"service\":\"fail\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"false\"}");
      barista.invoke("cat", "a");
      barista.invoke("cat.openfaas-fn", "b");
      barista.invoke("fail", "c");
      barista.invoke("unknown", "d");

      assertThat(counters(barista.metrics()))
          .isEqualTo(
              """
              # TYPE gateway_function_invocation_inflight gauge
              # TYPE gateway_function_invocation_started counter
              # TYPE gateway_function_invocation_total counter
              # TYPE gateway_functions_seconds histogram
              # TYPE gateway_service_count gauge
              # TYPE gateway_service_max gauge
              # TYPE gateway_service_min gauge
              # TYPE gateway_service_ready_count gauge
              gateway_function_invocation_inflight{function_name="cat.openfaas-fn"} 0
              gateway_function_invocation_inflight{function_name="fail.openfaas-fn"} 0
              gateway_function_invocation_started{function_name="cat.openfaas-fn"} 2
              gateway_function_invocation_started{function_name="fail.openfaas-fn"} 1
              gateway_function_invocation_total{code="200",function_name="cat.openfaas-fn"} 2
              gateway_function_invocation_total{code="500",function_name="fail.openfaas-fn"} 1
              gateway_functions_seconds_count{code="200",function_name="cat.openfaas-fn"} 2
              gateway_functions_seconds_count{code="500",function_name="fail.openfaas-fn"} 1
              gateway_service_count{function_name="cat.openfaas-fn"} 1
              gateway_service_count{function_name="fail.openfaas-fn"} 1
              gateway_service_max{function_name="cat.openfaas-fn"} 20
              gateway_service_max{function_name="fail.openfaas-fn"} 20
              gateway_service_min{function_name="cat.openfaas-fn"} 1
              gateway_service_min{function_name="fail.openfaas-fn"} 1
              gateway_service_ready_count{function_name="cat.openfaas-fn"} 1
              gateway_service_ready_count{function_name="fail.openfaas-fn"} 1
              """
                  .strip());
      assertThat(barista.send(barista.admin("/system/functions")).body())
          .contains("\"invocationCount\":2");
    }
  }

  private static String counters(String scrape) {
    return scrape
        .lines()
        .filter(line -> line.startsWith("gateway_") || line.startsWith("# TYPE gateway_"))
        // What a signal has read depends on whether the loop has looked.
        .filter(line -> !line.contains("gateway_service_target"))
        .filter(line -> !line.contains("_bucket{") && !line.contains("_sum{"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
