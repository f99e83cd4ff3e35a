package dev.barista.autoscaler.kpa;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a function is active, and how its calls reach it.
 *
 * @param state since {@code since}
 * @param proxySince since when calls go through the activator; empty when they go to the replicas
 *     directly
 */
public record Activity(State state, Instant since, Optional<Instant> proxySince) {

  /** Knative's condition <i>Active</i>. */
  public enum State {
    /** Replicas are on their way. */
    ACTIVATING,
    ACTIVE,
    INACTIVE
  }

  Duration lasted(Instant now) {
    return Duration.between(since, now);
  }

  public Activity becoming(State changed, Instant now) {
    return state == changed ? this : new Activity(changed, now, proxySince);
  }

  public Activity proxied(boolean proxied, Instant now) {
    return proxied == proxySince.isPresent()
        ? this
        : new Activity(state, since, proxied ? Optional.of(now) : Optional.empty());
  }
}
