package dev.barista.server.log;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** One name of the log. Thread-safe. */
final class PlatformLogger implements System.Logger {

  private final String name;

  PlatformLogger(String name) {
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return PlatformLog.isLoggable(name, level);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      PlatformLog.write(level, name, localized(bundle, message), thrown);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {
    if (isLoggable(level)) {
      PlatformLog.write(level, name, formatted(localized(bundle, format), parameters), null);
    }
  }

  private static String formatted(String pattern, @Nullable Object @Nullable [] parameters) {
    if (parameters == null || parameters.length == 0 || pattern.indexOf('{') < 0) {
      return pattern;
    }
    try {
      return MessageFormat.format(pattern, parameters);
    } catch (IllegalArgumentException e) { // better a raw message than a lost one
      return pattern;
    }
  }

  private static String localized(@Nullable ResourceBundle bundle, @Nullable String message) {
    if (message == null) {
      return "";
    }
    try {
      return bundle == null ? message : bundle.getString(message);
    } catch (MissingResourceException e) {
      return message;
    }
  }
}
