package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.policy.ScalingPolicy;
import dev.barista.autoscaler.policy.SettingMap;
import dev.barista.provider.spi.InvocationPolicy;
import java.util.OptionalInt;

/**
 * How many calls of a function run at the same time, how many wait for their turn, and whether they
 * wait for a start.
 *
 * @param limit calls that one replica has at the same time; 0 = any number
 * @param queueSize calls that wait while every replica is at its limit; empty = as many as {@link
 *     #queueSize(int)} says
 * @param scaleFromZero whether calls are held while no replica is ready
 */
public record CallRules(int limit, OptionalInt queueSize, boolean scaleFromZero) {

  private static final System.Logger LOG = System.getLogger(CallRules.class.getName());

  /** Annotation: the most calls in one replica. */
  public static final String LIMIT = ScalingPolicy.CONCURRENCY_LIMIT;

  /** Annotation: the most calls that wait for their turn. */
  public static final String QUEUE_SIZE = ScalingPolicy.QUEUE_SIZE;

  /** Annotation: {@code false} answers 503 at once while no replica is ready. */
  public static final String SCALE_FROM_ZERO = "barista.dev/scale-from-zero";

  static final CallRules NONE = new CallRules(0, OptionalInt.empty(), /* scaleFromZero= */ true);

  /** Knative's queue-proxy has ten places in its line for each call that may run. */
  private static final int PLACES_PER_RUNNING = 10;

  /**
   * @throws FaasException {@code BAD_REQUEST} naming the annotation that is wrong
   */
  public static void check(FunctionSpec spec) {
    of(spec, InvocationPolicy.NONE);
  }

  /**
   * The smaller of the annotation's limit and the function's own {@code max_inflight}.
   *
   * @throws FaasException {@code BAD_REQUEST} naming the annotation that is wrong
   */
  static CallRules of(FunctionSpec spec, InvocationPolicy policy) {
    SettingMap annotations = new SettingMap("annotations", spec.annotations());
    int given = annotations.of(LIMIT).whole(0, ScalingPolicy.MOST_CONCURRENT).orElse(0);
    int own = policy.maxInflight();
    return new CallRules(
        given == 0 || own == 0 ? Math.max(given, own) : Math.min(given, own),
        annotations
            .of(QUEUE_SIZE)
            .whole(0, ScalingPolicy.LONGEST_QUEUE)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()),
        annotations.of(SCALE_FROM_ZERO).flag().orElse(true));
  }

  /** As {@link #of}; annotations that were stored before they were checked count as not given. */
  static CallRules ofStored(FunctionSpec spec, InvocationPolicy policy) {
    try {
      return of(spec, policy);
    } catch (FaasException e) {
      LOG.log(System.Logger.Level.WARNING, "function " + spec.name() + ": " + e.getMessage());
      return new CallRules(policy.maxInflight(), OptionalInt.empty(), /* scaleFromZero= */ true);
    }
  }

  /** Whether a call at the limit is refused at once, as a watchdog does. */
  boolean refusesAtLimit() {
    return queueSize.isPresent() && queueSize.getAsInt() == 0;
  }

  /**
   * Places in the line while every replica is at its limit: ten for each call that may run.
   *
   * @param desired replicas that there shall be
   */
  int queueSize(int desired) {
    long standard = (long) PLACES_PER_RUNNING * limit * Math.max(1, desired);
    return queueSize.orElse((int) Math.min(Integer.MAX_VALUE, standard));
  }
}
