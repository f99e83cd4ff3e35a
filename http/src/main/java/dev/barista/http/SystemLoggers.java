package dev.barista.http;

import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.FormattingTuple;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.MessageFormatter;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Leads Netty's log lines to the JDK's {@link System.Logger}, without another logging library. */
final class SystemLoggers extends InternalLoggerFactory {

  private static final SystemLoggers INSTANCE = new SystemLoggers();

  private SystemLoggers() {}

  /** Has effect on Netty classes that are loaded later, so it comes before the first of them. */
  static void install() {
    InternalLoggerFactory.setDefaultFactory(INSTANCE);
  }

  @Override
  protected InternalLogger newInstance(String name) {
    return new Bridge(name, System.getLogger(name));
  }

  /** One Netty logger. */
  private static final class Bridge extends AbstractInternalLogger {

    private static final long serialVersionUID = 1L;

    private final transient System.Logger target;

    Bridge(String name, System.Logger target) {
      super(name);
      this.target = target;
    }

    private void log(Level level, @Nullable String message, @Nullable Throwable cause) {
      target.log(level, message, cause);
    }

    private void log(Level level, FormattingTuple tuple) {
      target.log(level, tuple.getMessage(), tuple.getThrowable());
    }

    @Override
    public boolean isTraceEnabled() {
      return target.isLoggable(Level.TRACE);
    }

    @Override
    public void trace(String message) {
      log(Level.TRACE, message, null);
    }

    @Override
    public void trace(String format, Object arg) {
      log(Level.TRACE, MessageFormatter.format(format, arg));
    }

    @Override
    public void trace(String format, Object first, Object second) {
      log(Level.TRACE, MessageFormatter.format(format, first, second));
    }

    @Override
    public void trace(String format, Object... args) {
      log(Level.TRACE, MessageFormatter.arrayFormat(format, args));
    }

    @Override
    public void trace(String message, Throwable cause) {
      log(Level.TRACE, message, cause);
    }

    @Override
    public boolean isDebugEnabled() {
      return target.isLoggable(Level.DEBUG);
    }

    @Override
    public void debug(String message) {
      log(Level.DEBUG, message, null);
    }

    @Override
    public void debug(String format, Object arg) {
      log(Level.DEBUG, MessageFormatter.format(format, arg));
    }

    @Override
    public void debug(String format, Object first, Object second) {
      log(Level.DEBUG, MessageFormatter.format(format, first, second));
    }

    @Override
    public void debug(String format, Object... args) {
      log(Level.DEBUG, MessageFormatter.arrayFormat(format, args));
    }

    @Override
    public void debug(String message, Throwable cause) {
      log(Level.DEBUG, message, cause);
    }

    @Override
    public boolean isInfoEnabled() {
      return target.isLoggable(Level.INFO);
    }

    @Override
    public void info(String message) {
      log(Level.INFO, message, null);
    }

    @Override
    public void info(String format, Object arg) {
      log(Level.INFO, MessageFormatter.format(format, arg));
    }

    @Override
    public void info(String format, Object first, Object second) {
      log(Level.INFO, MessageFormatter.format(format, first, second));
    }

    @Override
    public void info(String format, Object... args) {
      log(Level.INFO, MessageFormatter.arrayFormat(format, args));
    }

    @Override
    public void info(String message, Throwable cause) {
      log(Level.INFO, message, cause);
    }

    @Override
    public boolean isWarnEnabled() {
      return target.isLoggable(Level.WARNING);
    }

    @Override
    public void warn(String message) {
      log(Level.WARNING, message, null);
    }

    @Override
    public void warn(String format, Object arg) {
      log(Level.WARNING, MessageFormatter.format(format, arg));
    }

    @Override
    public void warn(String format, Object... args) {
      log(Level.WARNING, MessageFormatter.arrayFormat(format, args));
    }

    @Override
    public void warn(String format, Object first, Object second) {
      log(Level.WARNING, MessageFormatter.format(format, first, second));
    }

    @Override
    public void warn(String message, Throwable cause) {
      log(Level.WARNING, message, cause);
    }

    @Override
    public boolean isErrorEnabled() {
      return target.isLoggable(Level.ERROR);
    }

    @Override
    public void error(String message) {
      log(Level.ERROR, message, null);
    }

    @Override
    public void error(String format, Object arg) {
      log(Level.ERROR, MessageFormatter.format(format, arg));
    }

    @Override
    public void error(String format, Object first, Object second) {
      log(Level.ERROR, MessageFormatter.format(format, first, second));
    }

    @Override
    public void error(String format, Object... args) {
      log(Level.ERROR, MessageFormatter.arrayFormat(format, args));
    }

    @Override
    public void error(String message, Throwable cause) {
      log(Level.ERROR, message, cause);
    }
  }
}
