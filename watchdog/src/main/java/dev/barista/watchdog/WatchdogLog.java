package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;

/**
 * Lines with the time in front, as every OpenFaaS watchdog writes them: {@code 2026/11/22 15:04:05
 * Forking fprocess.} Each line is one write, so that lines of several threads don't mix.
 * Thread-safe.
 */
final class WatchdogLog {

  private final OutputStream target;
  private final InstantSource clock;

  // Mutable state, guarded by this
  private long second = Long.MIN_VALUE;
  private String time = "";

  WatchdogLog(OutputStream target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
  }

  /** What a client has sent may be in it, and must not steer the terminal of who reads it. */
  void line(String text) {
    byte[] line = (now() + " " + printable(text) + "\n").getBytes(UTF_8);
    write(line, 0, line.length);
  }

  private static String printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return text.replaceAll("\\p{Cc}", "?");
      }
    }
    return text;
  }

  /** A log with the same clock that writes elsewhere. */
  WatchdogLog to(OutputStream other) {
    return new WatchdogLog(other, clock);
  }

  /**
   * Bytes of a line that may come in several pieces.
   *
   * @param label stands before the first piece, behind the time; empty for further ones
   */
  void piece(String label, byte[] bytes, int length, boolean ends) {
    byte[] begin = label.isEmpty() ? new byte[0] : (now() + " " + label).getBytes(UTF_8);
    byte[] piece = Arrays.copyOf(begin, begin.length + length + (ends ? 1 : 0));
    System.arraycopy(bytes, 0, piece, begin.length, length);
    if (ends) {
      piece[piece.length - 1] = '\n';
    }
    write(piece, 0, piece.length);
  }

  private void write(byte[] bytes, int offset, int length) {
    try {
      target.write(bytes, offset, length);
    } catch (IOException _) {
      // Nobody reads the log any more; calls go on.
    }
  }

  /** Bytes as they are, for what a function wrote. */
  OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        WatchdogLog.this.write(bytes, offset, length);
      }
    };
  }

  private synchronized String now() {
    long current = clock.instant().getEpochSecond();
    if (current != second) {
      second = current;
      time = format(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
    }
    return time;
  }

  /** By hand: a DateTimeFormatter costs more at start than all else here. */
  private static String format(LocalDateTime t) {
    var text = new StringBuilder(19).append(t.getYear());
    pad(text.append('/'), t.getMonthValue());
    pad(text.append('/'), t.getDayOfMonth());
    pad(text.append(' '), t.getHour());
    pad(text.append(':'), t.getMinute());
    pad(text.append(':'), t.getSecond());
    return text.toString();
  }

  private static void pad(StringBuilder text, int number) {
    text.append(number < 10 ? "0" : "").append(number);
  }
}
