package dev.barista.autoscaler.policy;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ScaleBounds;
import dev.barista.autoscaler.load.LoadMetric;
import dev.barista.autoscaler.load.TargetPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one function scales. Knative's annotations and OpenFaaS's target labels are level signals, of
 * which the one that wants the most replicas wins; a function that has neither scales on alerts.
 *
 * @param min replicas below which scaling on load doesn't go, but to zero
 * @param max most replicas
 * @param alert present when no level signal is given
 * @param kpa Knative's way
 * @param targets OpenFaaS's way
 * @param idleLimit how long no call may be in flight until it goes to zero; empty = it never does,
 *     or Knative's way decides
 * @param concurrencyLimit calls that one replica may have at the same time; 0 = any number
 * @param queueSize calls that may wait while every replica is at that limit; empty = the default
 */
public record ScalingPolicy(
    int min,
    int max,
    Optional<AlertPolicy> alert,
    Optional<KpaRules> kpa,
    List<TargetPolicy> targets,
    Optional<Duration> idleLimit,
    int concurrencyLimit,
    OptionalInt queueSize) {

  public static final String CONCURRENCY_LIMIT = "barista.dev/container-concurrency";
  public static final String QUEUE_SIZE = "barista.dev/queue-size";

  private static final String ZERO = "com.openfaas.scale.zero";
  private static final String ZERO_DURATION = "com.openfaas.scale.zero-duration";
  private static final Duration DEFAULT_ZERO_DURATION = Duration.ofMinutes(15);
  private static final Duration LONGEST_ZERO_DURATION = Duration.ofDays(365);

  /** As Knative. */
  public static final int MOST_CONCURRENT = 1000;

  public static final int LONGEST_QUEUE = 1_000_000;

  public ScalingPolicy {
    targets = List.copyOf(targets);
  }

  /**
   * Reads and checks everything that governs scaling.
   *
   * @param maxReplicas most replicas that any function may have
   * @throws FaasException {@code BAD_REQUEST} with the first label or annotation that is wrong, its
   *     value and its range
   */
  public static ScalingPolicy of(FunctionSpec spec, KnativeDefaults defaults, int maxReplicas) {
    SettingMap labels = new SettingMap("labels", spec.labels());
    SettingMap annotations = new SettingMap("annotations", spec.annotations());
    ScaleBounds bounds = bounds(spec, maxReplicas);
    int limit = concurrencyLimit(spec, annotations);
    AlertPolicy alert = AlertPolicy.read(labels, bounds);
    Optional<KpaRules> kpa =
        new KnativeAnnotations(annotations, spec, defaults, maxReplicas).read(limit, bounds);
    List<TargetPolicy> targets = new ArrayList<>(TargetLabels.read(labels, bounds));
    if (HpaAnnotations.asked(annotations)) {
      targets.addAll(HpaAnnotations.read(annotations, spec, bounds, maxReplicas));
    }
    // Beside Knative's rule a load decides on more replicas, and that rule on none.
    kpa.ifPresent(rules -> targets.replaceAll(target -> target.withMin(rules.bounds().min())));
    boolean zero = labels.of(ZERO).flag().orElse(false);
    Optional<Duration> duration =
        labels.of(ZERO_DURATION).duration(Duration.ofSeconds(1), LONGEST_ZERO_DURATION);
    int targetMin = targets.isEmpty() ? bounds.min() : targets.getFirst().min();
    int targetMax = targets.isEmpty() ? bounds.max() : targets.getFirst().max();
    return new ScalingPolicy(
        kpa.map(rules -> rules.bounds().min()).orElse(targetMin),
        kpa.map(rules -> most(rules.bounds().max(), maxReplicas)).orElse(targetMax),
        kpa.isEmpty() && targets.isEmpty() ? Optional.of(alert) : Optional.empty(),
        kpa,
        targets,
        zero && kpa.isEmpty()
            ? Optional.of(duration.orElse(DEFAULT_ZERO_DURATION))
            : Optional.empty(),
        limit,
        annotations
            .of(QUEUE_SIZE)
            .whole(0, LONGEST_QUEUE)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()));
  }

  /** Of a function that nothing scales. */
  public static ScalingPolicy none() {
    return new ScalingPolicy(
        1,
        1,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0,
        OptionalInt.empty());
  }

  private static int most(int asked, int maxReplicas) {
    return asked == 0 ? maxReplicas : Math.min(asked, maxReplicas);
  }

  private static ScaleBounds bounds(FunctionSpec spec, int maxReplicas) {
    ScaleBounds bounds = ScaleBounds.of(spec);
    for (Map.Entry<String, Integer> label :
        Map.of(ScaleBounds.MIN_LABEL, bounds.min(), ScaleBounds.MAX_LABEL, bounds.max())
            .entrySet()) {
      if (spec.labels().containsKey(label.getKey()) && label.getValue() > maxReplicas) {
        throw FaasException.badField(
            "labels." + label.getKey(),
            label.getValue(),
            "at most " + maxReplicas + " [--max-replicas]");
      }
    }
    return new ScaleBounds(
        bounds.min(), Math.max(bounds.min(), Math.min(bounds.max(), maxReplicas)));
  }

  private static int concurrencyLimit(FunctionSpec spec, SettingMap annotations) {
    int given = annotations.of(CONCURRENCY_LIMIT).whole(0, MOST_CONCURRENT).orElse(0);
    int inflight = maxInflight(spec);
    return given == 0 || inflight == 0 ? Math.max(given, inflight) : Math.min(given, inflight);
  }

  /** The watchdog's own limit; what it can't read it takes for none, and so does this. */
  private static int maxInflight(FunctionSpec spec) {
    String text = spec.environment().getOrDefault("max_inflight", "0");
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  /** Whether the function says that it never goes to zero. */
  static boolean keepsOne(FunctionSpec spec) {
    return !new SettingMap("labels", spec.labels()).of(ZERO).flag().orElse(true);
  }

  /** Replicas that a call wakes it with when it is at zero. */
  public int firstReplicas() {
    int activation = kpa.map(rules -> rules.policy().activationScale()).orElse(0);
    return Math.min(Math.max(1, max), Math.max(1, Math.max(min, activation)));
  }

  /** Whether it may go to zero by itself. */
  public boolean mayGoToZero() {
    return idleLimit.isPresent() || (min == 0 && kpa.isPresent() && kpa.get().zero().enabled());
  }

  /** Whether a signal needs the number of asynchronous calls that wait. */
  public boolean countsPending() {
    return targets.stream().anyMatch(target -> target.metric() == LoadMetric.QUEUE);
  }

  /** Whether a signal needs the processor time of replicas. */
  public boolean measuresCpu() {
    return targets.stream().anyMatch(target -> target.metric() == LoadMetric.CPU);
  }
}
