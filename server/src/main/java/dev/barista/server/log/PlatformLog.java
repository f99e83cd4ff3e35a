package dev.barista.server.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where log lines go: standard error, in the format that {@code serve} was told. One write per
 * record, so that lines of threads don't mix.
 *
 * <p>Its state is static because the JDK makes the loggers, before and apart from the wiring.
 * Before {@link #configure} it is text and shows warnings and errors only, which suits the client
 * verbs.
 */
public final class PlatformLog {

  private static final PrintStream OUT =
      new PrintStream(
          new FileOutputStream(FileDescriptor.err), /* autoFlush= */ false, StandardCharsets.UTF_8);

  // Mutable state
  private static volatile LogFormat format = LogFormat.TEXT;
  private static volatile int least = System.Logger.Level.WARNING.getSeverity();

  private PlatformLog() {}

  /** Applies to every logger, also to those made before. */
  public static void configure(LogFormat newFormat, LogLevel newLeast) {
    format = newFormat;
    least = newLeast.level().getSeverity();
  }

  /**
   * A line for the user at the terminal, such as the address: text as it is, on standard output; in
   * JSON one object as for a log record.
   */
  public static void announce(PrintStream out, String line) {
    switch (format) {
      case TEXT -> out.println(line);
      case JSON -> out.print(LogLines.json(now(), System.Logger.Level.INFO, "barista", line, null));
    }
    out.flush();
  }

  /** The JDK's own loggers are kept to warnings: at debug they tell of themselves only. */
  static boolean isLoggable(String name, System.Logger.Level level) {
    int bound =
        name.startsWith("dev.barista")
            ? least
            : Math.max(least, System.Logger.Level.WARNING.getSeverity());
    return level != System.Logger.Level.OFF && level.getSeverity() >= bound;
  }

  static void write(
      System.Logger.Level level, String name, String message, @Nullable Throwable thrown) {
    String lines =
        switch (format) {
          case TEXT -> LogLines.text(now(), level, name, message, thrown);
          case JSON -> LogLines.json(now(), level, name, message, thrown);
        };
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    OUT.write(bytes, 0, bytes.length);
    OUT.flush();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
