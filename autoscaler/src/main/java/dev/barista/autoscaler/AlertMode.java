package dev.barista.autoscaler;

/** Who evaluates the alert rule; never two at once. */
public enum AlertMode {
  /** The platform, each second, on its own counters. What comes from outside is refused. */
  BUILTIN,
  /** Prometheus and AlertManager, which post to {@code /system/alert}. */
  EXTERNAL,
  OFF
}
