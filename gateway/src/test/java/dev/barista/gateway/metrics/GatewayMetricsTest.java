package dev.barista.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {

  private record Gauges(int inFlight, int waiting, int ready) implements FunctionMetrics.Gauges {}

  private final GatewayMetrics metrics = new GatewayMetrics();

  @Test
  void exposition_hasOpenFaasNamesTypesLabelsAndBuckets() {
    FunctionMetrics echo = metrics.function(FunctionName.parse("echo"));
    echo.desiredReplicas(2);
    echo.callStarted();
    echo.callStarted();
    echo.callStarted();
    echo.callEnded(200, TimeUnit.MILLISECONDS.toNanos(5));
    echo.callEnded(200, TimeUnit.MILLISECONDS.toNanos(1500));
    echo.callEnded(502, TimeUnit.SECONDS.toNanos(60));
    echo.gauges(new Gauges(7, 3, 2));
    metrics.coldStarts().spawned(TimeUnit.MILLISECONDS.toNanos(4));
    metrics.coldStarts().ready(TimeUnit.MILLISECONDS.toNanos(300));
    metrics.append(
        out ->
            out.family("barista_x", "gauge", "An x.")
                .sample("barista_x", List.of(), 1.5)
                .sample("barista_x", List.of("a", "b\"", "c", "d"), 2));
    metrics.function(FunctionName.parse("bare.dev"));
    metrics.requests().ended("/function", "POST", 200, TimeUnit.MILLISECONDS.toNanos(20));

    assertThat(metrics.exposition())
        .isEqualTo(
            """
            # HELP gateway_function_invocation_total Completed invocations of a function, by status.
            # TYPE gateway_function_invocation_total counter
            gateway_function_invocation_total{code="200",function_name="echo.openfaas-fn"} 2
            gateway_function_invocation_total{code="502",function_name="echo.openfaas-fn"} 1
            # HELP gateway_functions_seconds Duration of invocations, by status.
            # TYPE gateway_functions_seconds histogram
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.005"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.01"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.025"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.05"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.1"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.25"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="0.5"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="1"} 1
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="2.5"} 2
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="5"} 2
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="10"} 2
            gateway_functions_seconds_bucket{code="200",function_name="echo.openfaas-fn",le="+Inf"} 2
            gateway_functions_seconds_sum{code="200",function_name="echo.openfaas-fn"} 1.505
            gateway_functions_seconds_count{code="200",function_name="echo.openfaas-fn"} 2
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.005"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.01"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.025"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.05"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.1"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.25"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="0.5"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="1"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="2.5"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="5"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="10"} 0
            gateway_functions_seconds_bucket{code="502",function_name="echo.openfaas-fn",le="+Inf"} 1
            gateway_functions_seconds_sum{code="502",function_name="echo.openfaas-fn"} 60
            gateway_functions_seconds_count{code="502",function_name="echo.openfaas-fn"} 1
            # HELP gateway_function_invocation_started Invocations of a function that began.
            # TYPE gateway_function_invocation_started counter
            gateway_function_invocation_started{function_name="bare.dev"} 0
            gateway_function_invocation_started{function_name="echo.openfaas-fn"} 3
            # HELP gateway_service_count Desired replicas of a function.
            # TYPE gateway_service_count gauge
            gateway_service_count{function_name="bare.dev"} 0
            gateway_service_count{function_name="echo.openfaas-fn"} 2
            # HELP http_requests_total Requests by method, route and status.
            # TYPE http_requests_total counter
            http_requests_total{method="POST",path="/function",status="200"} 1
            # HELP http_request_duration_seconds Duration of requests.
            # TYPE http_request_duration_seconds histogram
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.005"} 0
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.01"} 0
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.025"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.05"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.1"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.25"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="0.5"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="1"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="2.5"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="5"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="10"} 1
            http_request_duration_seconds_bucket{method="POST",path="/function",status="200",le="+Inf"} 1
            http_request_duration_seconds_sum{method="POST",path="/function",status="200"} 0.02
            http_request_duration_seconds_count{method="POST",path="/function",status="200"} 1
            # HELP gateway_function_invocation_inflight Invocations of a function that have not ended, those that wait included.
            # TYPE gateway_function_invocation_inflight gauge
            gateway_function_invocation_inflight{function_name="bare.dev"} 0
            gateway_function_invocation_inflight{function_name="echo.openfaas-fn"} 7
            # HELP gateway_service_ready_count Replicas of a function that take calls.
            # TYPE gateway_service_ready_count gauge
            gateway_service_ready_count{function_name="bare.dev"} 0
            gateway_service_ready_count{function_name="echo.openfaas-fn"} 2
            # HELP barista_function_waiting Invocations of a function that wait for a replica.
            # TYPE barista_function_waiting gauge
            barista_function_waiting{function_name="bare.dev"} 0
            barista_function_waiting{function_name="echo.openfaas-fn"} 3
            # HELP barista_cold_start_seconds Time from the call that woke a function to the end of a phase.
            # TYPE barista_cold_start_seconds histogram
            barista_cold_start_seconds_bucket{phase="spawn",le="0.005"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="0.01"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="0.025"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="0.05"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="0.1"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="0.25"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="0.5"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="1"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="2.5"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="5"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="10"} 1
            barista_cold_start_seconds_bucket{phase="spawn",le="+Inf"} 1
            barista_cold_start_seconds_sum{phase="spawn"} 0.004
            barista_cold_start_seconds_count{phase="spawn"} 1
            barista_cold_start_seconds_bucket{phase="ready",le="0.005"} 0
            barista_cold_start_seconds_bucket{phase="ready",le="0.01"} 0
            barista_cold_start_seconds_bucket{phase="ready",le="0.025"} 0
            barista_cold_start_seconds_bucket{phase="ready",le="0.05"} 0
            barista_cold_start_seconds_bucket{phase="ready",le="0.1"} 0
            barista_cold_start_seconds_bucket{phase="ready",le="0.25"} 0
            barista_cold_start_seconds_bucket{phase="ready",le="0.5"} 1
            barista_cold_start_seconds_bucket{phase="ready",le="1"} 1
            barista_cold_start_seconds_bucket{phase="ready",le="2.5"} 1
            barista_cold_start_seconds_bucket{phase="ready",le="5"} 1
            barista_cold_start_seconds_bucket{phase="ready",le="10"} 1
            barista_cold_start_seconds_bucket{phase="ready",le="+Inf"} 1
            barista_cold_start_seconds_sum{phase="ready"} 0.3
            barista_cold_start_seconds_count{phase="ready"} 1
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.005"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.01"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.025"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.05"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.1"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.25"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="0.5"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="1"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="2.5"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="5"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="10"} 0
            barista_cold_start_seconds_bucket{phase="first_byte",le="+Inf"} 0
            barista_cold_start_seconds_sum{phase="first_byte"} 0
            barista_cold_start_seconds_count{phase="first_byte"} 0
            # HELP barista_x An x.
            # TYPE barista_x gauge
            barista_x 1.5
            barista_x{a="b\\"",c="d"} 2
            """);
  }

  @Test
  void removedFunction_leavesNoSeries() {
    String empty = metrics.exposition();
    FunctionName name = FunctionName.parse("echo");
    FunctionMetrics echo = metrics.function(name);
    echo.callStarted();
    echo.callEnded(200, 1);
    assertThat(metrics.invocationCount(name)).isEqualTo(1);

    metrics.remove(name);
    echo.callEnded(200, 1);

    assertThat(metrics.exposition()).isEqualTo(empty);
    assertThat(metrics.invocationCount(name)).isZero();
  }
}
