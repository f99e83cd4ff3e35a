package dev.barista.provider.process.sandbox;

import java.util.Locale;

/** How far a replica is kept from the host and from other replicas, the strongest first. */
public enum IsolationLevel {
  /**
   * Namespaces of its own (mount, pid, ipc, uts) by bubblewrap: it sees its function, the
   * interpreter and /tmp; no capability, no way to gain one; a user of its own where the platform
   * runs as root.
   */
  SANDBOX,
  /** A user of its own per function; sees the host's files as that user may. Needs root. */
  USER,
  /** Limits only. Function code is as trusted as the platform itself. */
  NONE;

  /** As in options and in {@code describe}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
