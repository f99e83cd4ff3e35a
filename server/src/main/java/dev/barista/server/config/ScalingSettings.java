package dev.barista.server.config;

import dev.barista.autoscaler.AlertMode;
import dev.barista.autoscaler.policy.KnativeDefaults;
import java.time.Duration;

/** What scales functions; the names that Knative has keep them. */
final class ScalingSettings {

  static final Setting<AlertMode> ALERTS =
      Setting.of(
          "alerts",
          "builtin|external|off",
          "builtin",
          SettingType.choice(AlertMode.class),
          "who evaluates the alert rule; external is AlertManager");
  static final Setting<Boolean> ENABLE_SCALE_TO_ZERO =
      Setting.of(
          "enable-scale-to-zero",
          "true|false",
          "true",
          SettingType.FLAG,
          "of functions with Knative's annotations");
  static final Setting<Duration> SCALE_TO_ZERO_GRACE_PERIOD =
      Setting.of(
          "scale-to-zero-grace-period",
          "TIME",
          "30s",
          SettingType.DURATION,
          "the last replica stays so long at most");
  static final Setting<Double> MAX_SCALE_UP_RATE =
      Setting.of(
          "max-scale-up-rate", "RATIO", "1000", SettingType.RATIO, "of one decision, to the ready");
  static final Setting<Double> MAX_SCALE_DOWN_RATE =
      Setting.of(
          "max-scale-down-rate", "RATIO", "2", SettingType.RATIO, "of one decision, to the ready");

  private ScalingSettings() {}

  static ServeConfig.Scaling scaling(Settings settings) {
    return new ServeConfig.Scaling(
        settings.value(ALERTS),
        new KnativeDefaults(
            settings.value(ENABLE_SCALE_TO_ZERO),
            settings.value(SCALE_TO_ZERO_GRACE_PERIOD),
            settings.value(MAX_SCALE_UP_RATE),
            settings.value(MAX_SCALE_DOWN_RATE)));
  }
}
