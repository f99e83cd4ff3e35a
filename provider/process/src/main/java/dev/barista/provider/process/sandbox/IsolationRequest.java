package dev.barista.provider.process.sandbox;

/** What the user asks of {@code --isolation}. */
public enum IsolationRequest {
  /** The strongest level that works on this host. */
  AUTO,
  SANDBOX,
  USER,
  NONE
}
