package dev.barista.autoscaler;

import dev.barista.api.FaasException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What was observed of a function second by second. As CSV: a header line that names the columns
 * {@code time}, {@code concurrency}, {@code rps} and, where it is known, {@code ready}, in any
 * order; then one line a second. A time is a number of seconds or RFC 3339; seconds that are
 * missing count as seconds without load.
 *
 * @param rows by time, at least one
 */
public record Trace(List<Row> rows) {

  /** Header of the CSV that {@code barista scale record} writes. */
  public static final String HEADER = "time,concurrency,rps,ready";

  private static final int MOST_ROWS = 1_000_000;
  private static final double MOST_LOAD = 1e9;

  /**
   * One second.
   *
   * @param second since the epoch, or since any other beginning
   * @param concurrency calls in flight, on average
   * @param rps calls that arrived
   * @param ready replicas that took calls; empty = as many as were decided before
   */
  public record Row(long second, double concurrency, double rps, OptionalInt ready) {}

  public Trace {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("rows: none (expected: at least one)");
    }
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} with the number of the first line that is wrong
   */
  public static Trace parse(List<String> lines) {
    if (lines.isEmpty()) {
      throw FaasException.badField("line 1", null, "a header such as " + HEADER);
    }
    Columns columns = Columns.of(lines.getFirst());
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        Row row = columns.row(i + 1, lines.get(i).split(",", -1));
        if (!rows.isEmpty() && row.second() <= rows.getLast().second()) {
          throw FaasException.badField(
              "line " + (i + 1), lines.get(i), "a later second than the line before");
        }
        rows.add(row);
      }
    }
    if (rows.isEmpty() || rows.getLast().second() - rows.getFirst().second() >= MOST_ROWS) {
      throw FaasException.badField(
          "trace", rows.size() + " lines", "1 to " + MOST_ROWS + " seconds");
    }
    return new Trace(rows);
  }

  /** Where which column stands; -1 = nowhere. */
  private record Columns(int count, int time, int concurrency, int rps, int ready) {

    static Columns of(String header) {
      List<String> names = List.of(header.strip().split("\\s*,\\s*", -1));
      Columns columns =
          new Columns(
              names.size(),
              names.indexOf("time"),
              names.indexOf("concurrency"),
              names.indexOf("rps"),
              names.indexOf("ready"));
      if (columns.time < 0 || (columns.concurrency < 0 && columns.rps < 0)) {
        throw FaasException.badField(
            "line 1", header, "the names of the columns, such as " + HEADER);
      }
      return columns;
    }

    Row row(int line, String[] cells) {
      if (cells.length != count) {
        throw FaasException.badField(
            "line " + line, String.join(",", cells), count + " values, as the header has");
      }
      return new Row(
          second(line, cells[time].strip()),
          concurrency < 0 ? 0 : load(line, cells[concurrency].strip()),
          rps < 0 ? 0 : load(line, cells[rps].strip()),
          ready < 0 || cells[ready].isBlank()
              ? OptionalInt.empty()
              : OptionalInt.of((int) load(line, cells[ready].strip())));
    }

    private static long second(int line, String text) {
      try {
        return text.matches("[0-9]{1,12}(\\.[0-9]+)?")
            ? (long) Double.parseDouble(text)
            : Instant.parse(text).getEpochSecond();
      } catch (DateTimeParseException e) {
        throw FaasException.badField(
            "line " + line + ", time", text, "seconds, or a time such as 2026-11-22T10:00:00Z");
      }
    }

    private static double load(int line, String text) {
      if (!text.matches("[0-9]{1,12}(\\.[0-9]*)?([eE]-?[0-9]{1,2})?")) {
        throw FaasException.badField("line " + line, text, "a number, 0 or more");
      }
      return Math.min(MOST_LOAD, Double.parseDouble(text));
    }
  }
}
