package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code GET /system/function/NAME/scaling}: how a function scales at this instant.
 *
 * @param scaledBy what decides: {@code alert}, {@code kpa}, {@code target}, {@code hand}; of
 *     several the highest wish wins
 * @param min fewest replicas while it is not at zero
 * @param max most replicas
 * @param desired replicas that were asked for last
 * @param ready replicas that take calls
 * @param inFlight calls on replicas and waiting
 * @param waiting calls that wait for a replica
 * @param arrivals calls that have come since it was deployed or the platform started
 * @param callSeconds time that those calls have spent together, in seconds
 * @param panicking whether Knative's panic mode keeps it from shrinking
 * @param signals as read last
 * @param decisions the last changes, newest first
 * @param oneMore what would have to happen for one more replica, one sentence
 * @param zero when it goes to zero, or why it doesn't, one sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScalingStatus(
    String name,
    String namespace,
    List<String> scaledBy,
    int min,
    int max,
    int desired,
    int ready,
    int inFlight,
    int waiting,
    long arrivals,
    double callSeconds,
    boolean panicking,
    List<Signal> signals,
    List<Decision> decisions,
    @Nullable String oneMore,
    @Nullable String zero) {

  /**
   * One signal.
   *
   * @param name such as {@code concurrency}, {@code rps}, {@code cpu}, {@code alert}
   * @param value of the whole function
   * @param target of one replica; of an alert its threshold
   * @param unit of both
   * @param window what the value is averaged over, as {@code 60s}
   * @param wanted replicas that this signal alone wants
   */
  public record Signal(
      String name, double value, double target, String unit, String window, int wanted) {}

  /**
   * A change of the replicas.
   *
   * @param reason one sentence
   * @param boundedBy the setting that cut the wish
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Decision(
      Instant at,
      int from,
      int to,
      String reason,
      List<Signal> signals,
      @Nullable String boundedBy) {}
}
