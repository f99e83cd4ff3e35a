package dev.barista.cli.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer, without its framing. Hands out what has come, without waiting for more.
 */
final class BodyStream extends InputStream {

  private static final int MAX_CHUNK_LINE = 1_024;

  private final InputStream in;
  private final Closeable connection;
  private final boolean chunked;
  private final boolean untilClose;

  // Mutable state
  private long remaining;
  private boolean firstChunk = true;
  private boolean ended;

  private BodyStream(
      InputStream in, Closeable connection, boolean chunked, boolean untilClose, long remaining) {
    this.in = in;
    this.connection = connection;
    this.chunked = chunked;
    this.untilClose = untilClose;
    this.remaining = remaining;
  }

  static InputStream ofLength(long bytes, InputStream in, Closeable connection) {
    return new BodyStream(in, connection, /* chunked= */ false, /* untilClose= */ false, bytes);
  }

  static InputStream ofChunks(InputStream in, Closeable connection) {
    return new BodyStream(in, connection, /* chunked= */ true, /* untilClose= */ false, 0);
  }

  static InputStream untilClose(InputStream in, Closeable connection) {
    return new BodyStream(
        in, connection, /* chunked= */ false, /* untilClose= */ true, Long.MAX_VALUE);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (chunked && remaining == 0 && !ended) {
      nextChunk();
    }
    if (ended || remaining == 0) {
      return -1;
    }
    int n = in.read(buffer, offset, (int) Math.min(length, remaining));
    if (n < 0) {
      if (!untilClose) {
        throw new EOFException("the connection was closed before the end of the answer");
      }
      ended = true;
      return -1;
    }
    remaining -= n;
    return n;
  }

  private void nextChunk() throws IOException {
    if (!firstChunk && !line().isEmpty()) {
      throw new IOException("the answer has a malformed chunk");
    }
    firstChunk = false;
    String size = line();
    int extension = size.indexOf(';');
    try {
      String digits = extension < 0 ? size : size.substring(0, extension);
      remaining = Long.parseUnsignedLong(digits.strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("the answer has a malformed chunk", e);
    }
    if (remaining == 0) {
      ended = true;
      while (!line().isEmpty()) {
        // trailers have no meaning here
      }
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed before the end of the answer");
      }
      if (line.length() > MAX_CHUNK_LINE) {
        throw new IOException("the answer has a malformed chunk");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
