package dev.barista.autoscaler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.autoscaler.load.LoadMetric;
import dev.barista.autoscaler.load.TargetPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingPolicyTest {

  private static ScalingPolicy read(FunctionSpec spec) {
    return ScalingPolicy.of(spec, KnativeDefaults.STANDARD, 100);
  }

  private static FunctionSpec spec(
      Map<String, String> labels, Map<String, String> annotations, Map<String, String> env) {
    return new FunctionSpec(
        FunctionName.parse("f", "openfaas-fn"),
        "image",
        Optional.empty(),
        env,
        List.of(),
        List.of(),
        labels,
        annotations,
        Resources.NONE,
        Resources.NONE,
        false);
  }

  /** Keys without a slash are labels after {@code com.openfaas.scale.}. */
  private static FunctionSpec spec(String settings) {
    Map<String, String> labels = new LinkedHashMap<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    for (String setting : settings.split(" ")) {
      String[] pair = setting.split("=", 2);
      if (pair[0].startsWith("kn/")) {
        annotations.put("autoscaling.knative.dev/" + pair[0].substring(3), pair[1]);
      } else if (pair[0].contains("/")) {
        annotations.put(pair[0], pair[1]);
      } else {
        labels.put("com.openfaas.scale." + pair[0], pair[1]);
      }
    }
    return spec(labels, annotations, Map.of());
  }

  @Test
  void nothingGiven_scalesOnAlerts() {
    ScalingPolicy policy = read(spec(Map.of(), Map.of(), Map.of()));
    assertThat(policy.alert()).isPresent();
    assertThat(policy.alert().orElseThrow().steps().step()).isEqualTo(4);
    assertThat(policy.max()).isEqualTo(20);
    assertThat(policy.mayGoToZero()).isFalse();
  }

  @Test
  void knative_defaultsAreItsOwn() {
    KpaRules rules = read(spec("kn/metric=concurrency")).kpa().orElseThrow();
    assertThat(rules.policy().capacity()).isEqualTo(100);
    assertThat(rules.policy().target()).isEqualTo(70);
    assertThat(rules.policy().stableWindowSeconds()).isEqualTo(60);
    assertThat(rules.policy().panicWindowSeconds()).isEqualTo(6);
    assertThat(rules.bounds().min()).isZero();
    assertThat(read(spec("kn/metric=rps")).kpa().orElseThrow().policy().target()).isEqualTo(140);
  }

  @Test
  void functionAtZero_isWokenWithItsLeastOrItsActivationScale() {
    assertThat(read(spec("zero=true")).firstReplicas()).isEqualTo(1);
    assertThat(read(spec("min=3 zero=true")).firstReplicas()).isEqualTo(3);
    assertThat(read(spec("kn/metric=rps")).firstReplicas()).isEqualTo(1);
    assertThat(read(spec("kn/metric=rps kn/min-scale=2")).firstReplicas()).isEqualTo(2);
    assertThat(read(spec("kn/metric=rps kn/activation-scale=4")).firstReplicas()).isEqualTo(4);
  }

  @Test
  void knative_everyAnnotationIsRead() {
    KpaRules rules =
        read(spec(
                "kn/class=kpa.autoscaling.knative.dev kn/metric=rps kn/target=150"
                    + " kn/target-utilization-percentage=50 kn/window=30s"
                    + " kn/panic-window-percentage=20 kn/panic-threshold-percentage=300"
                    + " kn/min-scale=2 kn/max-scale=9 kn/initial-scale=3 kn/activation-scale=4"
                    + " kn/scale-down-delay=1m kn/scale-to-zero-grace-period=10s"
                    + " kn/scale-to-zero-pod-retention-period=20s kn/max-scale-up-rate=3"
                    + " kn/max-scale-down-rate=1.5 kn/target-burst-capacity=-1"
                    + " kn/metric-aggregation-algorithm=weighted-exponential"))
            .kpa()
            .orElseThrow();
    assertThat(rules.weighted()).isTrue();
    assertThat(rules.metric()).isEqualTo(KpaRules.Metric.RPS);
    assertThat(rules.policy().target()).isEqualTo(75);
    assertThat(rules.policy().panicWindowSeconds()).isEqualTo(6);
    assertThat(rules.policy().panicThreshold()).isEqualTo(3);
    assertThat(rules.policy().activationScale()).isEqualTo(4);
    assertThat(rules.policy().scaleDownDelaySeconds()).isEqualTo(60);
    assertThat(rules.policy().maxScaleUpRate()).isEqualTo(3);
    assertThat(rules.policy().maxScaleDownRate()).isEqualTo(1.5);
    assertThat(rules.policy().burstCapacity()).isEqualTo(-1);
    assertThat(rules.bounds().initial()).isEqualTo(3);
    assertThat(rules.zero().grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(rules.zero().retention()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void knative_olderSpellingsCount_theNewerWins() {
    assertThat(read(spec("kn/minScale=2")).min()).isEqualTo(2);
    assertThat(read(spec("kn/minScale=2 kn/min-scale=3")).min()).isEqualTo(3);
  }

  @Test
  void knative_targetIsCutByTheHardLimit() {
    FunctionSpec spec = spec("kn/target=50 barista.dev/container-concurrency=10");
    assertThat(read(spec).kpa().orElseThrow().policy().capacity()).isEqualTo(10);
    assertThat(read(spec).concurrencyLimit()).isEqualTo(10);
  }

  @Test
  void hpa_isAShareOfTheRequestedProcessor() {
    FunctionSpec plain = spec("kn/class=hpa.autoscaling.knative.dev kn/metric=cpu kn/target=50");
    FunctionSpec spec =
        new FunctionSpec(
            plain.name(),
            "image",
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            Map.of(),
            plain.annotations(),
            Resources.NONE,
            Resources.of("requests", null, "400m"),
            false);
    TargetPolicy target = read(spec).targets().getFirst();
    assertThat(target.metric()).isEqualTo(LoadMetric.CPU);
    assertThat(target.target()).isEqualTo(200);
  }

  @Test
  void targets_severalWithTheirOwnLoad() {
    List<TargetPolicy> targets = read(spec("type=rps,cpu target=50,500")).targets();
    assertThat(targets)
        .extracting(TargetPolicy::metric)
        .containsExactly(LoadMetric.RPS, LoadMetric.CPU);
    assertThat(targets).extracting(TargetPolicy::target).containsExactly(50.0, 500.0);
    assertThat(read(spec("target=7")).targets().getFirst().metric()).isEqualTo(LoadMetric.RPS);
  }

  @Test
  void hardLimit_isTheSmallerOfTheTwo() {
    FunctionSpec spec =
        spec(Map.of(), Map.of(ScalingPolicy.CONCURRENCY_LIMIT, "5"), Map.of("max_inflight", "3"));
    assertThat(read(spec).concurrencyLimit()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min=5 max=3 | labels.com.openfaas.scale.max: \"3\" (expected: at least",
        "min=x | labels.com.openfaas.scale.min: \"x\" (expected: a whole number, 0 or more)",
        "min=-1 | labels.com.openfaas.scale.min: \"-1\"",
        "max=101 | labels.com.openfaas.scale.max: \"101\" (expected: at most 100 [--max-replicas])",
        "factor=101 | labels.com.openfaas.scale.factor: \"101\" (expected: a whole number, 0 to"
            + " 100)",
        "factor=1.5 | labels.com.openfaas.scale.factor: \"1.5\" (expected: a whole number, 0 to"
            + " 100)",
        "zero=yes | labels.com.openfaas.scale.zero: \"yes\" (expected: true or false)",
        "zero-duration=-1s | labels.com.openfaas.scale.zero-duration: \"-1s\" (expected: a"
            + " duration",
        "type=speed | labels.com.openfaas.scale.type: \"speed\" (expected: rps, capacity, cpu or"
            + " queue)",
        "type=rps,cpu target=5 | labels.com.openfaas.scale.target: \"5\" (expected: one number for"
            + " each",
        "target=0 | labels.com.openfaas.scale.target: \"0\" (expected: a load per replica, 0.01 or"
            + " more)",
        "target=many | labels.com.openfaas.scale.target: \"many\"",
        "target-proportion=1.1 | labels.com.openfaas.scale.target-proportion: \"1.1\"",
        "down.window=6m | labels.com.openfaas.scale.down.window: \"6m\"",
        "alert.threshold=0 | labels.com.openfaas.scale.alert.threshold: \"0\" (expected: calls a"
            + " second, above 0)",
        "alert.window=500ms | labels.com.openfaas.scale.alert.window: \"500ms\"",
        "kn/class=mine.example.com | annotations.autoscaling.knative.dev/class:",
        "kn/metric=cpu | annotations.autoscaling.knative.dev/metric: \"cpu\" (expected: one of"
            + " concurrency, rps)",
        "kn/target=0 | annotations.autoscaling.knative.dev/target: \"0\" (expected: 0.01 or more)",
        "kn/target=NaN | annotations.autoscaling.knative.dev/target: \"NaN\"",
        "kn/target-utilization-percentage=101 |"
            + " annotations.autoscaling.knative.dev/target-utilization-percentage:",
        "kn/window=5s | annotations.autoscaling.knative.dev/window: \"5s\" (expected: a duration"
            + " such as 30s, 6s to 1h)",
        "kn/window=6500ms | annotations.autoscaling.knative.dev/window: \"6500ms\" (expected: a"
            + " duration in whole seconds",
        "kn/window=2h | annotations.autoscaling.knative.dev/window: \"2h\"",
        "kn/panic-window-percentage=0 |"
            + " annotations.autoscaling.knative.dev/panic-window-percentage:",
        "kn/panic-threshold-percentage=100 |"
            + " annotations.autoscaling.knative.dev/panic-threshold-percentage:",
        "kn/min-scale=5 kn/max-scale=3 | annotations.autoscaling.knative.dev/max-scale: \"3\""
            + " (expected: at least",
        "kn/min-scale=101 | annotations.autoscaling.knative.dev/min-scale: \"101\" (expected: a"
            + " whole number, 0 to 100)",
        "kn/activation-scale=500 | annotations.autoscaling.knative.dev/activation-scale: \"500\""
            + " (expected: a whole number, 2 to 100)",
        "kn/class=hpa.autoscaling.knative.dev type=speed | labels.com.openfaas.scale.type:",
        "barista.dev/queue-size=5.0 | annotations.barista.dev/queue-size: \"5.0\"",
        "kn/maxScale=-1 | annotations.autoscaling.knative.dev/maxScale: \"-1\"",
        "kn/initial-scale=0 | annotations.autoscaling.knative.dev/initial-scale: \"0\"",
        "kn/activation-scale=1 | annotations.autoscaling.knative.dev/activation-scale: \"1\"",
        "kn/activation-scale=9 kn/max-scale=5 |"
            + " annotations.autoscaling.knative.dev/activation-scale: \"9\" (expected: at most"
            + " max-scale",
        "kn/scale-down-delay=61m | annotations.autoscaling.knative.dev/scale-down-delay:",
        "kn/scale-to-zero-pod-retention-period=2h |"
            + " annotations.autoscaling.knative.dev/scale-to-zero-pod",
        "kn/target-burst-capacity=-2 | annotations.autoscaling.knative.dev/target-burst-capacity:",
        "kn/target-burst-capacity=-0.5 |"
            + " annotations.autoscaling.knative.dev/target-burst-capacity:",
        "kn/max-scale-up-rate=1 | annotations.autoscaling.knative.dev/max-scale-up-rate: \"1\""
            + " (expected: above 1)",
        "kn/class=hpa.autoscaling.knative.dev kn/metric=memory |"
            + " annotations.autoscaling.knative.dev/metric:",
        "kn/class=hpa.autoscaling.knative.dev kn/metric=cpu |"
            + " annotations.autoscaling.knative.dev/class:",
        "barista.dev/container-concurrency=1001 | annotations.barista.dev/container-concurrency:",
        "barista.dev/queue-size=-1 | annotations.barista.dev/queue-size: \"-1\"",
      })
  void badValue_isRefusedWithItsRange(String settings, String sentence) {
    assertThatThrownBy(() -> read(spec(settings)))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith(sentence);
  }
}
