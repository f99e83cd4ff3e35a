package dev.barista.provider.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last lines of a stream of bytes, each cut to a bearable length. Thread-safe. */
final class LastLines {

  private static final int MOST_LINES = 20;
  private static final int LONGEST_LINE = 500;

  private final Deque<String> lines = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(LONGEST_LINE);

  // Mutable state
  private boolean cut;

  synchronized void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else if (line.size() < LONGEST_LINE) {
        line.write(bytes[i]);
      } else {
        cut = true;
      }
    }
  }

  private void endLine() {
    if (lines.size() == MOST_LINES) {
      lines.removeFirst();
    }
    lines.add(text());
    line.reset();
    cut = false;
  }

  /** Bytes that are no UTF-8 become replacement characters, control characters question marks. */
  private String text() {
    String text = line.toString(UTF_8).replaceAll("[\\p{Cntrl}&&[^\t]]", "?");
    return cut ? text + "…" : text;
  }

  /** Also an unfinished last line. */
  synchronized List<String> lines() {
    List<String> all = new ArrayList<>(lines);
    if (line.size() > 0) {
      all.add(text());
    }
    return all;
  }
}
