package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The bodies of HTTP/1.1, of a known length or in chunks. */
final class Bodies {

  private Bodies() {}

  /** The request's body. */
  static final class Incoming extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean ended;
    private boolean begun;

    Incoming(InputStream in, long length, boolean chunked) {
      this.in = in;
      this.left = length;
      this.chunked = chunked;
      this.ended = !chunked && length == 0;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (chunked && left == 0 && !ended) {
        nextChunk();
      }
      if (ended) {
        return -1;
      }
      int read = in.read(bytes, from, (int) Math.min(length, left));
      if (read < 0) {
        throw new EOFException("the body ended too early");
      }
      left -= read;
      ended = !chunked && left == 0;
      return read;
    }

    private void nextChunk() throws IOException {
      if (begun && !Lines.read(in).isEmpty()) {
        throw new UnixExchange.Refused("400 Bad Request");
      }
      begun = true;
      String size = Lines.read(in).split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new UnixExchange.Refused("400 Bad Request");
      }
      left = Long.parseLong(size, 16);
      if (left == 0) {
        while (!Lines.read(in).isEmpty()) {
          // trailers
        }
        ended = true;
      }
    }

    /** Reads what the handler left over; false when that is too much. */
    boolean drain(long most) throws IOException {
      byte[] buffer = new byte[8192];
      for (long sum = 0; sum <= most; ) {
        int read = read(buffer, 0, buffer.length);
        if (read < 0) {
          return true;
        }
        sum += read;
      }
      return false;
    }
  }

  /** The answer's body, of exactly that length. */
  static final class Fixed extends OutputStream {
    private final OutputStream out;
    private long left;

    Fixed(OutputStream out, long length) {
      this.out = out;
      this.left = length;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (length > left) {
        throw new IOException("more bytes than sendResponseHeaders announced");
      }
      left -= length;
      out.write(bytes, from, length);
    }

    boolean isComplete() {
      return left == 0;
    }
  }

  /** The answer's body in chunks of what is written at once. */
  static final class Chunked extends OutputStream {
    private static final byte[] END = "0\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] LINE = {'\r', '\n'};
    private final OutputStream out;
    private boolean closed;

    Chunked(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (length == 0) {
        return;
      }
      if (closed) {
        throw new IOException("the answer is closed");
      }
      byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1);
      byte[] chunk = new byte[size.length + length + 2];
      System.arraycopy(size, 0, chunk, 0, size.length);
      System.arraycopy(bytes, from, chunk, size.length, length);
      System.arraycopy(LINE, 0, chunk, size.length + length, 2);
      out.write(chunk);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        out.write(END);
      }
    }
  }

  /** Lines of a head. */
  static final class Lines {
    private static final int LONGEST = 64 * 1024;

    private Lines() {}

    /**
     * A line without its end.
     *
     * @throws EOFException where nothing comes any more
     */
    static String read(InputStream in) throws IOException {
      var line = new StringBuilder(64);
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException();
        }
        if (line.length() > LONGEST) {
          throw new UnixExchange.Refused("431 Request Header Fields Too Large");
        }
        line.append((char) c);
      }
      int last = line.length() - 1;
      if (last < 0 || line.charAt(last) != '\r') {
        throw new UnixExchange.Refused("400 Bad Request");
      }
      return line.substring(0, last);
    }
  }
}
