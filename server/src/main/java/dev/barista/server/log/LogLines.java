package dev.barista.server.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Log records as lines. Text from outside can't make lines of its own: control characters are
 * replaced in text and escaped in JSON.
 */
final class LogLines {

  private LogLines() {}

  /** {@code TIME LEVEL NAME: MESSAGE}, then the stack trace. */
  static String text(
      Instant time,
      System.Logger.Level level,
      String name,
      String message,
      @Nullable Throwable thrown) {
    StringBuilder line = new StringBuilder(128).append(time).append(' ').append(level.getName());
    line.append(" ".repeat(Math.max(1, 8 - level.getName().length())));
    line.append(shortName(name)).append(": ");
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      line.append(Character.isISOControl(c) ? (c == '\n' ? '⏎' : '?') : c);
    }
    line.append('\n');
    if (thrown != null) {
      line.append(trace(thrown));
    }
    return line.toString();
  }

  /** One JSON object and a newline. */
  static String json(
      Instant time,
      System.Logger.Level level,
      String name,
      String message,
      @Nullable Throwable thrown) {
    StringBuilder line = new StringBuilder(192).append("{\"time\":\"").append(time);
    line.append("\",\"level\":\"").append(level.getName()).append("\",\"logger\":");
    quote(line, name);
    line.append(",\"message\":");
    quote(line, message);
    line.append(",\"thread\":");
    quote(line, Thread.currentThread().getName());
    if (thrown != null) {
      line.append(",\"error\":");
      quote(line, trace(thrown));
    }
    return line.append("}\n").toString();
  }

  private static String shortName(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, /* autoFlush= */ true));
    return text.toString();
  }

  private static void quote(StringBuilder line, String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\t' -> line.append("\\t");
        default -> {
          if (Character.isISOControl(c) || lone(text, i)) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  /** Whether the character is half of a pair whose other half is missing. */
  private static boolean lone(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }
}
