package dev.barista.autoscaler.policy;

import dev.barista.api.FunctionSpec;
import dev.barista.api.ScaleBounds;
import dev.barista.autoscaler.kpa.KpaBounds;
import dev.barista.autoscaler.kpa.KpaPolicy;
import dev.barista.autoscaler.kpa.ZeroPolicy;
import dev.barista.autoscaler.policy.KpaRules.Metric;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Knative's annotations {@code autoscaling.knative.dev/…} with its ranges and defaults, also in
 * their older spellings. Three keys that Knative has for a whole cluster only can be set per
 * function here: the grace period and the two rates.
 *
 * @see <a href="https://knative.dev/docs/serving/autoscaling/">Knative autoscaling</a>
 */
final class KnativeAnnotations {

  static final String PREFIX = "autoscaling.knative.dev/";
  static final String CLASS = PREFIX + "class";
  static final String KPA = "kpa.autoscaling.knative.dev";
  static final String HPA = "hpa.autoscaling.knative.dev";

  private static final double DEFAULT_CONCURRENCY = 100;
  private static final double DEFAULT_RPS = 200;
  private static final double DEFAULT_UTILIZATION = 70;
  private static final double ALL = 100;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SIX_SECONDS = Duration.ofSeconds(6);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final double LARGE = 1e9;

  private final SettingMap annotations;
  private final FunctionSpec spec;
  private final KnativeDefaults defaults;
  private final int maxReplicas;

  KnativeAnnotations(
      SettingMap annotations, FunctionSpec spec, KnativeDefaults defaults, int maxReplicas) {
    this.annotations = annotations;
    this.spec = spec;
    this.defaults = defaults;
    this.maxReplicas = maxReplicas;
  }

  /**
   * @param concurrencyLimit calls that a replica may have at the same time; 0 = any number
   * @return empty when no annotation asks for it
   */
  Optional<KpaRules> read(int concurrencyLimit, ScaleBounds labels) {
    if (!annotations.anyWith(PREFIX)) {
      return Optional.empty();
    }
    String scaler = annotations.of(CLASS).oneOf(KPA, Set.of(KPA, HPA));
    return scaler.equals(HPA) ? Optional.empty() : Optional.of(kpa(concurrencyLimit, labels));
  }

  private KpaRules kpa(int concurrencyLimit, ScaleBounds labels) {
    Metric metric =
        named("metric").oneOf("concurrency", Set.of("concurrency", "rps")).equals("rps")
            ? Metric.RPS
            : Metric.CONCURRENCY;
    boolean weighted =
        !named("metric-aggregation-algorithm", "metricAggregationAlgorithm")
            .oneOf("linear", Set.of("linear", "weighted-exponential", "weightedExponential"))
            .equals("linear");
    Duration window = named("window").seconds(SIX_SECONDS, HOUR).orElse(MINUTE);
    KpaBounds bounds = bounds(labels);
    return new KpaRules(
        metric, weighted, policy(metric, concurrencyLimit, window, bounds), bounds, zero(window));
  }

  private KpaPolicy policy(Metric metric, int concurrencyLimit, Duration window, KpaBounds bounds) {
    double capacity = capacity(metric, concurrencyLimit);
    double utilization =
        percent("target-utilization-percentage", "targetUtilizationPercentage", 1, ALL)
            .orElse(DEFAULT_UTILIZATION);
    double panicWindow =
        percent("panic-window-percentage", "panicWindowPercentage", 1, ALL).orElse(10.0);
    double threshold =
        percent("panic-threshold-percentage", "panicThresholdPercentage", 110, 1000).orElse(200.0);
    int seconds = (int) window.toSeconds();
    return new KpaPolicy(
        capacity,
        Math.max(KpaPolicy.LEAST_TARGET, capacity * (utilization / ALL)),
        seconds,
        KpaPolicy.panicWindowSeconds(seconds, panicWindow),
        threshold / ALL,
        rate("max-scale-up-rate", defaults.maxScaleUpRate()),
        rate("max-scale-down-rate", defaults.maxScaleDownRate()),
        burst(),
        activationScale(bounds),
        (int)
            named("scale-down-delay", "scaleDownDelay")
                .seconds(Duration.ZERO, HOUR)
                .orElse(Duration.ZERO)
                .toSeconds());
  }

  private double capacity(Metric metric, int concurrencyLimit) {
    Optional<Double> target = named("target").number(0.01, LARGE, "0.01 or more");
    if (metric == Metric.RPS) {
      return target.orElse(DEFAULT_RPS);
    }
    double limit = concurrencyLimit == 0 ? DEFAULT_CONCURRENCY : concurrencyLimit;
    return concurrencyLimit == 0
        ? target.orElse(limit)
        : target.map(wanted -> Math.min(wanted, limit)).orElse(limit);
  }

  private KpaBounds bounds(ScaleBounds labels) {
    SettingMap.Setting minScale = named("min-scale", "minScale");
    SettingMap.Setting maxScale = named("max-scale", "maxScale");
    boolean labelled = spec.labels().containsKey(ScaleBounds.MAX_LABEL);
    int floor = ScaleBounds.givesMin(spec) ? labels.min() : 0;
    int min = minScale.whole(0, maxReplicas).orElse(floor);
    int max = maxScale.whole(0, maxReplicas).orElse(labelled ? labels.max() : 0);
    if (max != 0 && max < min) {
      throw maxScale.bad(
          "at least " + minScale.path() + ", which is " + min + ", or 0 for no limit");
    }
    int initial = named("initial-scale", "initialScale").whole(1, maxReplicas).orElse(1);
    return new KpaBounds(min, max, initial);
  }

  private ZeroPolicy zero(Duration window) {
    ZeroPolicy standard = ZeroPolicy.defaults();
    return new ZeroPolicy(
        defaults.scaleToZero() && !ScalingPolicy.keepsOne(spec),
        window,
        named("scale-to-zero-grace-period")
            .duration(Duration.ofSeconds(1), HOUR)
            .orElse(defaults.gracePeriod()),
        named("scale-to-zero-pod-retention-period", "scaleToZeroPodRetentionPeriod")
            .duration(Duration.ZERO, HOUR)
            .orElse(standard.retention()),
        standard.activationTimeout());
  }

  private int activationScale(KpaBounds bounds) {
    SettingMap.Setting setting = named("activation-scale");
    Optional<Integer> scale = setting.whole(2, Math.max(2, maxReplicas));
    if (scale.isPresent() && scale.get() < bounds.min()) {
      throw setting.bad("at least min-scale, which is " + bounds.min());
    }
    if (scale.isPresent() && bounds.max() != 0 && scale.get() > bounds.max()) {
      throw setting.bad("at most max-scale, which is " + bounds.max());
    }
    return scale.orElse(0);
  }

  private double burst() {
    SettingMap.Setting setting = named("target-burst-capacity", "targetBurstCapacity");
    String expected = "0 or more, or -1 for any burst";
    double burst = setting.number(-1, LARGE, expected).orElse(211.0);
    if (burst < 0 && burst != -1) {
      throw setting.bad(expected);
    }
    return burst;
  }

  private double rate(String key, double otherwise) {
    String expected = "above 1";
    SettingMap.Setting setting = named(key);
    double rate = setting.number(1, LARGE, expected).orElse(otherwise);
    if (rate <= 1) {
      throw setting.bad(expected);
    }
    return rate;
  }

  private Optional<Double> percent(String key, String alias, double least, double most) {
    return named(key, alias)
        .number(least, most, "a percentage, %.0f to %.0f".formatted(least, most));
  }

  private SettingMap.Setting named(String key) {
    return annotations.of(PREFIX + key);
  }

  private SettingMap.Setting named(String key, String alias) {
    return annotations.either(PREFIX + key, PREFIX + alias);
  }
}
