package dev.barista.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.autoscaler.ScalingGauges;
import dev.barista.autoscaler.SignalReading;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingMetricsTest {

  @Test
  void gauges_areWrittenOncePerFunctionAndSignal() {
    SignalReading stable = new SignalReading("concurrency", 3.5, 0.7, "calls", "60s", 5);
    SignalReading panic = new SignalReading("concurrency", 9, 0.7, "calls", "6s", 13);
    ScalingGauges gauges =
        new ScalingGauges(
            FunctionName.parse("f", "fn"), 0, 10, /* panicking= */ true, List.of(stable, panic));
    GatewayMetrics metrics = new GatewayMetrics();
    metrics.append(new ScalingMetrics(() -> List.of(gauges)));

    assertThat(metrics.exposition())
        .endsWith(
            """
            # HELP gateway_service_min Fewest replicas of a function, unless it is at zero.
            # TYPE gateway_service_min gauge
            gateway_service_min{function_name="f.fn"} 0
            # HELP gateway_service_max Most replicas of a function.
            # TYPE gateway_service_max gauge
            gateway_service_max{function_name="f.fn"} 10
            # HELP gateway_service_target Load that one replica is to carry.
            # TYPE gateway_service_target gauge
            gateway_service_target{function_name="f.fn",scaling_type="concurrency"} 0.7
            # HELP gateway_service_target_load Load of a function.
            # TYPE gateway_service_target_load gauge
            gateway_service_target_load{function_name="f.fn",scaling_type="concurrency"} 3.5
            # HELP barista_function_panic Whether panic mode keeps a function from shrinking.
            # TYPE barista_function_panic gauge
            barista_function_panic{function_name="f.fn"} 1
            """);
  }
}
