package dev.barista.http;

/** Who may use a route. Every route states it; there is no default. */
public enum Access {
  /** Anyone who reaches the listener. */
  PUBLIC,
  /** Who administers the platform; the {@link Gatekeeper} decides who that is. */
  ADMIN,
  /** Likewise, and with a password even where administration needs none. */
  PASSWORD
}
