package dev.barista.autoscaler.alert;

import java.time.Duration;
import java.time.Instant;

/**
 * The built-in evaluation of one function's alert: inactive → pending → firing → inactive. Time is
 * an argument. Not thread-safe.
 */
public final class Alert {

  // Mutable state
  private AlertState state = new AlertState.Inactive();

  public AlertState state() {
    return state;
  }

  /**
   * Looks at the load once.
   *
   * @param rate answers a second over the rule's window
   */
  public AlertOutcome evaluate(double rate, AlertRule rule, Instant now) {
    boolean above = rate > rule.threshold();
    return switch (state) {
      case AlertState.Inactive _ -> above ? pending(now, rule, now) : AlertOutcome.NOTHING;
      case AlertState.Pending pending ->
          above ? pending(pending.since(), rule, now) : inactive(AlertOutcome.NOTHING);
      case AlertState.Firing firing ->
          above ? firing(firing, rule, now) : inactive(AlertOutcome.RESOLVE);
    };
  }

  private AlertOutcome pending(Instant since, AlertRule rule, Instant now) {
    if (Duration.between(since, now).compareTo(rule.hold()) < 0) {
      state = new AlertState.Pending(since);
      return AlertOutcome.NOTHING;
    }
    state = new AlertState.Firing(now, now);
    return AlertOutcome.STEP_UP;
  }

  private AlertOutcome firing(AlertState.Firing firing, AlertRule rule, Instant now) {
    if (Duration.between(firing.lastStep(), now).compareTo(rule.repeat()) < 0) {
      return AlertOutcome.NOTHING;
    }
    state = new AlertState.Firing(firing.since(), now);
    return AlertOutcome.STEP_UP;
  }

  private AlertOutcome inactive(AlertOutcome outcome) {
    state = new AlertState.Inactive();
    return outcome;
  }
}
