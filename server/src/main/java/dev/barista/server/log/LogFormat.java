package dev.barista.server.log;

/** How the platform's log looks. */
public enum LogFormat {
  /** One line for a human, with the stack trace below it where there is one. */
  TEXT,
  /** One JSON object a line. */
  JSON
}
