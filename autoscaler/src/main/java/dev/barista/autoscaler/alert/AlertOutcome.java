package dev.barista.autoscaler.alert;

/** What one look at an alert asks for. */
public enum AlertOutcome {
  NOTHING,
  /** It fires, and a step is due. */
  STEP_UP,
  /** It fired and the load is gone. Said once, so that a count set by hand stands afterwards. */
  RESOLVE
}
