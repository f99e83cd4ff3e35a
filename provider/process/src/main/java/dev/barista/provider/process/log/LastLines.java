package dev.barista.provider.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.Printable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last lines of a stream of bytes, each cut to a bearable length. What comes in is only copied;
 * lines are made of it when they are asked for. Thread-safe.
 */
final class LastLines {

  private static final int MOST_LINES = 20;
  private static final int LONGEST_LINE = 500;

  /** Of what is kept for sure. The buffer is twice as long, so that it is moved rarely. */
  private static final int KEPT = MOST_LINES * LONGEST_LINE;

  private static final int FIRST_LENGTH = 256;

  // Mutable state
  private byte[] bytes = new byte[FIRST_LENGTH];
  private int length;
  private boolean beginsInALine;

  /** Leaves {@code chunk} as it was. */
  synchronized void add(ByteBuffer chunk) {
    int given = chunk.remaining();
    int count = Math.min(given, KEPT);
    makeRoom(count);
    chunk.get(chunk.limit() - count, bytes, length, count);
    length += count;
    if (count < given) {
      drop(length - count); // what was there is not before this any more
    }
  }

  private void makeRoom(int count) {
    if (length + count > 2 * KEPT) {
      drop(Math.max(0, length - (KEPT - count)));
    }
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(2 * KEPT, Math.max(2 * bytes.length, length + count)));
    }
  }

  private void drop(int count) {
    System.arraycopy(bytes, count, bytes, 0, length - count);
    length -= count;
    beginsInALine = true;
  }

  /** Also an unfinished last line. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        lines.add(text(start, i));
        start = i + 1;
      }
    }
    if (start < length) {
      lines.add(text(start, length));
    }
    if (beginsInALine && !lines.isEmpty()) {
      lines.set(0, "…" + lines.getFirst());
    }
    return List.copyOf(lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
  }

  /** Bytes that are no UTF-8 become replacement characters, control characters question marks. */
  private String text(int start, int end) {
    int shown = Math.min(end - start, LONGEST_LINE);
    String text = Printable.lineWithTabs(new String(bytes, start, shown, UTF_8));
    return shown < end - start ? text + "…" : text;
  }
}
