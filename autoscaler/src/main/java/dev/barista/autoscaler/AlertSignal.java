package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import dev.barista.autoscaler.alert.Alert;
import dev.barista.autoscaler.alert.AlertOutcome;
import dev.barista.autoscaler.alert.AlertRule;
import dev.barista.autoscaler.alert.AlertState;
import dev.barista.autoscaler.alert.AlertSteps;
import dev.barista.autoscaler.alert.CounterRate;
import dev.barista.autoscaler.policy.AlertPolicy;
import dev.barista.concurrency.GoDuration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenFaaS's scaling: a step up while the alert fires, back to the minimum once it is resolved. */
final class AlertSignal implements Signal {

  private final FunctionName function;
  private final AlertPolicy policy;
  private final AlertMode mode;

  // Mutable state
  private CounterRate rate;
  private Alert alert = new Alert();
  private double perSecond;
  private @Nullable Instant resolvedAt;
  private boolean resolvedOutside;

  AlertSignal(FunctionName function, AlertPolicy policy, AlertMode mode) {
    this.function = function;
    this.policy = policy;
    this.mode = mode;
    this.rate = new CounterRate((int) policy.rule().window().toSeconds());
  }

  @Override
  public String name() {
    return "alert";
  }

  private boolean evaluates() {
    return mode == AlertMode.BUILTIN && policy.steps().enabled();
  }

  @Override
  public Optional<Wish> look(Observation seen) {
    rate.unchangedUntil(seen.second() - 1);
    rate.read(seen.second(), seen.load().answers());
    perSecond = rate.perSecond();
    if (!evaluates()) {
      return Optional.empty();
    }
    AlertOutcome outcome = alert.evaluate(perSecond, policy.rule(), seen.now());
    return switch (outcome) {
      case NOTHING -> Optional.empty();
      case STEP_UP -> Optional.of(firing(seen.desired(), rateSentence("above")));
      case RESOLVE -> {
        resolvedAt = seen.now();
        yield Optional.of(resolved(seen.desired(), rateSentence("no longer above")));
      }
    };
  }

  /**
   * Takes what an AlertManager tells. It may say "resolved" again and again; only the first one
   * after "firing" acts, so that a count set by hand stands.
   */
  Optional<Wish> told(boolean firing, int desired, Instant now) {
    if (!policy.steps().enabled()) {
      return Optional.empty();
    }
    if (firing) {
      resolvedOutside = false;
      return Optional.of(firing(desired, "told by AlertManager"));
    }
    if (resolvedOutside) {
      return Optional.empty();
    }
    resolvedOutside = true;
    resolvedAt = now;
    return Optional.of(resolved(desired, "told by AlertManager"));
  }

  /** What was told last could not be done: it counts as not told, since it will be told again. */
  void refused() {
    resolvedOutside = false;
  }

  /** Goes on where the signal of the policy before stood. */
  void inherit(AlertSignal before) {
    alert = before.alert;
    resolvedAt = before.resolvedAt;
    resolvedOutside = before.resolvedOutside;
    if (before.rule().window().equals(rule().window())) {
      rate = before.rate;
    }
  }

  /** Why alerts change nothing; empty when they do. */
  Optional<String> disabled() {
    AlertSteps steps = policy.steps();
    if (steps.factor() == 0) {
      return Optional.of("com.openfaas.scale.factor is 0");
    }
    return steps.enabled()
        ? Optional.empty()
        : Optional.of("com.openfaas.scale.min and .max are both " + steps.min());
  }

  private Wish firing(int desired, String why) {
    AlertSteps steps = policy.steps();
    int to = steps.firing(desired);
    String reason =
        "the alert fires (%s): a step of %d, which is %d %% of %d"
            .formatted(why, steps.step(), steps.factor(), steps.max());
    return to < desired + steps.step()
        ? new Wish(to, reason, Optional.of("max " + steps.max() + " [com.openfaas.scale.max]"))
        : new Wish(to, reason);
  }

  private Wish resolved(int desired, String why) {
    return new Wish(
        policy.steps().resolved(desired),
        "the alert is resolved (" + why + "): back to the minimum");
  }

  private String rateSentence(String how) {
    return String.format(
        Locale.ROOT, "%.1f answers a second, %s %s", perSecond, how, number(rule().threshold()));
  }

  private AlertRule rule() {
    return policy.rule();
  }

  @Override
  public boolean atRest(Observation seen) {
    return perSecond == 0 && alert.state() instanceof AlertState.Inactive;
  }

  @Override
  public List<SignalReading> readings() {
    if (!evaluates()) {
      return List.of();
    }
    return List.of(
        new SignalReading(
            "alert",
            perSecond,
            rule().threshold(),
            "answers a second",
            GoDuration.show(rule().window()),
            0));
  }

  @Override
  public Optional<String> oneMore(int desired) {
    Optional<String> off = disabled();
    if (off.isPresent() || mode == AlertMode.OFF) {
      return Optional.of("alerts never scale it: " + off.orElse("--alerts is off"));
    }
    if (desired >= policy.steps().max()) {
      return Optional.of("none: it has its maximum, " + policy.steps().max());
    }
    if (mode == AlertMode.EXTERNAL) {
      return Optional.of("AlertManager has to tell that its alert fires [--alerts external]");
    }
    return Optional.of(
        switch (alert.state()) {
          case AlertState.Firing firing ->
              "the alert still has to fire at "
                  + firing.lastStep().plus(rule().repeat())
                  + ", when the next step is due";
          default ->
              "more than %s answers a second, on average over %s, for %s; now %s"
                  .formatted(
                      number(rule().threshold()),
                      GoDuration.show(rule().window()),
                      GoDuration.show(rule().hold()),
                      number(perSecond));
        });
  }

  AlertReport report() {
    AlertState state = alert.state();
    return new AlertReport(
        function,
        state.getClass().getSimpleName().toLowerCase(Locale.ROOT),
        "sum by (function_name) (rate(gateway_function_invocation_total{function_name=\"%s\"}[%s])) > %s"
            .formatted(function, GoDuration.show(rule().window()), number(rule().threshold())),
        perSecond,
        rule().threshold(),
        rule().window(),
        rule().hold(),
        switch (state) {
          case AlertState.Inactive _ -> Optional.empty();
          case AlertState.Pending pending -> Optional.of(pending.since());
          case AlertState.Firing firing -> Optional.of(firing.since());
        },
        Optional.ofNullable(resolvedAt));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
