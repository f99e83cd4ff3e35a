package dev.barista.http;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** An answer written piece by piece by a blocking thread; waits while the client reads slowly. */
final class AnswerStream extends OutputStream {

  private final BlockingLink link;
  private final byte[] buffer;

  // Mutable state
  private int filled;
  private boolean closed;

  AnswerStream(BlockingLink link, int bufferBytes) {
    this.link = link;
    this.buffer = new byte[bufferBytes];
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the answer is complete already");
    }
    int from = offset;
    int left = length;
    while (left > 0) {
      int copied = Math.min(left, buffer.length - filled);
      System.arraycopy(source, from, buffer, filled, copied);
      filled += copied;
      from += copied;
      left -= copied;
      if (filled == buffer.length) {
        flush();
      }
    }
  }

  @Override
  public void flush() throws IOException {
    if (filled > 0) {
      byte[] copy = Arrays.copyOf(buffer, filled);
      filled = 0;
      link.write(Unpooled.wrappedBuffer(copy));
    } else if (!closed) {
      link.flush();
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      flush();
      closed = true;
      link.finish();
    }
  }
}
