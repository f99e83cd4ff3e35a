package dev.barista.provider.process.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * What all logs share on the thread that writes them: the clock, and one buffer in which lines get
 * their prefixes, so that a chunk of output is a few writes however many lines it has.
 */
final class LogWriter {

  private static final int BUFFER_BYTES = 128 << 10;

  private final LogClock clock;
  private final LineFormat format = new LineFormat();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  // Mutable state
  private long total;

  LogWriter(LogClock clock) {
    this.clock = clock;
  }

  LogClock clock() {
    return clock;
  }

  /** Bytes added since the start. */
  long total() {
    return total;
  }

  int size() {
    return buffer.position();
  }

  /** Whether one more line fits into the buffer, and with the others into {@code most} bytes. */
  boolean fits(int textLength, long most) {
    long after = (long) buffer.position() + LineFormat.PREFIX + textLength + 1;
    return after <= buffer.capacity() && (after <= most || buffer.position() == 0);
  }

  /** Adds the next {@code length} bytes of {@code text}, whose position stays. */
  void add(long time, byte tag, ByteBuffer text, int length) {
    buffer.put(format.prefix(time, tag));
    buffer.put(buffer.position(), text, text.position(), length);
    buffer.position(buffer.position() + length);
    buffer.put((byte) '\n');
    total += LineFormat.PREFIX + length + 1;
  }

  /** Empties the buffer. */
  long writeTo(FileChannel file) throws IOException {
    buffer.flip();
    long bytes = buffer.remaining();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
    return bytes;
  }

  void clear() {
    buffer.clear();
  }
}
