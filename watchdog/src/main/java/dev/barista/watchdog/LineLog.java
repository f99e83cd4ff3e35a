package dev.barista.watchdog;

import dev.barista.spawn.OutputPump;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Turns a process's output into lines of the log. A line longer than allowed becomes several; one
 * that may be longer than this keeps in memory is written in pieces, between which lines of others
 * can stand. Of one thread.
 */
final class LineLog implements OutputPump.Sink {

  private static final int MOST_KEPT = 64 << 10;
  private static final int FIRST_BYTES = 256;
  private static final int TIME_BYTES = 20;

  private final WatchdogLog log;
  private final String label;
  private final int lineBytes;
  private final int keptBytes;

  // Mutable state
  private byte[] kept = new byte[FIRST_BYTES];
  private int length;
  private int written;
  private long cost;

  /**
   * @param lineBytes longest line; -1: any
   */
  LineLog(WatchdogLog log, String label, int lineBytes) {
    this.log = log;
    this.label = label;
    this.lineBytes = lineBytes < 0 ? Integer.MAX_VALUE : lineBytes;
    this.keptBytes = Math.min(MOST_KEPT, this.lineBytes);
  }

  @Override
  public long chunk(ByteBuffer bytes) {
    cost = bytes.remaining();
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        write(/* ends= */ true);
      } else {
        keep(next);
      }
    }
    return cost;
  }

  @Override
  public void end() {
    if (length > 0 || written > 0) {
      write(/* ends= */ true);
    }
  }

  private void keep(byte next) {
    if (length == keptBytes) {
      write(/* ends= */ written + length >= lineBytes);
    }
    if (length == kept.length) {
      kept = Arrays.copyOf(kept, 2 * length);
    }
    kept[length++] = next;
  }

  private void write(boolean ends) {
    log.piece(written == 0 ? label : "", kept, length, ends);
    cost += written == 0 ? TIME_BYTES + label.length() : 0;
    written = ends ? 0 : Math.min(Integer.MAX_VALUE - MOST_KEPT, written + length);
    length = 0;
  }
}
