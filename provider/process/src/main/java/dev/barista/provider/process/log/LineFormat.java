package dev.barista.provider.process.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * A log's file: lines of {@code TIME TAG TEXT}, like those of Kubernetes' container runtimes (CRI
 * logging format) but without the stream, since a replica has one pipe for both so that their order
 * is kept.
 *
 * <pre>
 *   2026-11-22T17:29:58.123456Z F a whole line, or the end of one
 *   2026-11-22T17:29:58.123456Z P a part whose rest follows
 * </pre>
 *
 * The text is what the replica wrote, byte for byte. Not thread-safe.
 */
final class LineFormat {

  /** Length of what stands before the text. */
  static final int PREFIX = "2026-11-22T17:29:58.123456Z F ".length();

  static final byte WHOLE = 'F';
  static final byte PART = 'P';

  /** A longer line becomes several. */
  static final int LONGEST_LINE = 16 << 10;

  private static final int TAG_AT = PREFIX - 2;
  private static final long MICROS = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private final byte[] prefix = "0000-00-00T00:00:00.000000Z F ".getBytes(US_ASCII);

  // Mutable state: the second that stands in the prefix, and the day that was read last
  private long second = Long.MIN_VALUE;
  private long dayDigits = -1;
  private long dayStart;

  /** What stands before a text. Valid until the next call. */
  byte[] prefix(long micros, byte tag) {
    long now = Math.floorDiv(micros, MICROS);
    if (now != second) {
      second = now;
      LocalDateTime time = LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC);
      write(time.getYear(), 0, 4);
      write(time.getMonthValue(), 5, 2);
      write(time.getDayOfMonth(), 8, 2);
      write(time.getHour(), 11, 2);
      write(time.getMinute(), 14, 2);
      write(time.getSecond(), 17, 2);
    }
    write(Math.floorMod(micros, MICROS), 20, 6);
    prefix[TAG_AT] = tag;
    return prefix;
  }

  private void write(long number, int at, int digits) {
    long rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      prefix[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * The time of a line in microseconds since 1970, or −1 if it has none: a part of it was lost with
   * the power.
   */
  long time(byte[] line, int start, int end) {
    if (end - start < PREFIX || line[start + 26] != 'Z' || line[start + PREFIX - 1] != ' ') {
      return -1;
    }
    long year = read(line, start, 4);
    long month = read(line, start + 5, 2);
    long day = read(line, start + 8, 2);
    long hour = read(line, start + 11, 2);
    long minute = read(line, start + 14, 2);
    long wholeSecond = read(line, start + 17, 2);
    long fraction = read(line, start + 20, 6);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || fraction < 0) {
      return -1;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || wholeSecond < 0 || wholeSecond > 59) {
      return -1;
    }
    long seconds = dayStart(year, month, day) + hour * 3_600 + minute * 60 + wholeSecond;
    return seconds * MICROS + fraction;
  }

  /** Most lines are of the day of the one before. */
  private long dayStart(long year, long month, long day) {
    long digits = (year * 100 + month) * 100 + day;
    if (digits != dayDigits) {
      LocalDate date = LocalDate.of((int) year, (int) month, 1).plusDays(day - 1);
      dayStart = date.toEpochDay() * SECONDS_PER_DAY;
      dayDigits = digits;
    }
    return dayStart;
  }

  /** −1 if it is no number. */
  private static long read(byte[] line, int at, int digits) {
    long number = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether the rest of this text follows in the next line. */
  static boolean isPart(byte[] line, int start) {
    return line[start + TAG_AT] == PART;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
  }

  static long micros(Instant time) {
    return time.getEpochSecond() * MICROS + time.getNano() / 1_000;
  }
}
