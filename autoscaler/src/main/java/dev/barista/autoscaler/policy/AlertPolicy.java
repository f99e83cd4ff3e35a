package dev.barista.autoscaler.policy;

import dev.barista.api.ScaleBounds;
import dev.barista.autoscaler.alert.AlertRule;
import dev.barista.autoscaler.alert.AlertSteps;
import java.time.Duration;

/**
 * How a function scales on alerts.
 *
 * @param rule of the built-in evaluation; what comes from outside brings its own
 */
public record AlertPolicy(AlertSteps steps, AlertRule rule) {

  static final String FACTOR = "com.openfaas.scale.factor";
  private static final String THRESHOLD = "com.openfaas.scale.alert.threshold";
  private static final String WINDOW = "com.openfaas.scale.alert.window";
  private static final String FOR = "com.openfaas.scale.alert.for";
  private static final String REPEAT = "com.openfaas.scale.alert.repeat";

  private static final int DEFAULT_FACTOR = 20;
  private static final double MOST_CALLS_A_SECOND = 1e9;
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  static AlertPolicy read(SettingMap labels, ScaleBounds bounds) {
    int factor = labels.of(FACTOR).whole(0, 100).orElse(DEFAULT_FACTOR);
    AlertRule standard = AlertRule.DEFAULT;
    SettingMap.Setting threshold = labels.of(THRESHOLD);
    double above =
        threshold
            .number(0, MOST_CALLS_A_SECOND, "calls a second, above 0")
            .orElse(standard.threshold());
    if (above == 0) {
      throw threshold.bad("calls a second, above 0");
    }
    return new AlertPolicy(
        new AlertSteps(bounds.min(), bounds.max(), factor),
        new AlertRule(
            above,
            labels.of(WINDOW).seconds(SECOND, LONGEST).orElse(standard.window()),
            labels.of(FOR).seconds(Duration.ZERO, LONGEST).orElse(standard.hold()),
            labels.of(REPEAT).seconds(SECOND, LONGEST).orElse(standard.repeat())));
  }
}
