package dev.barista.server.log;

/** The least that is logged. */
public enum LogLevel {
  DEBUG(System.Logger.Level.DEBUG),
  INFO(System.Logger.Level.INFO),
  WARNING(System.Logger.Level.WARNING),
  ERROR(System.Logger.Level.ERROR);

  private final System.Logger.Level level;

  LogLevel(System.Logger.Level level) {
    this.level = level;
  }

  System.Logger.Level level() {
    return level;
  }
}
