package dev.barista.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.util.Optional;

/** A body whose framing is decided. */
public sealed interface BodySender {

  static BodySender ofStream(InputStream source) throws IOException {
    InputPump pump = new InputPump(source);
    ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    return pump.readBeginning(beginning)
        ? new Whole(beginning.toByteArray())
        : new Chunks(beginning.toByteArray(), pump);
  }

  /** The header that tells the receiver where the body ends. */
  Optional<String> framing(String method);

  void send(OutputStream out) throws IOException;

  /** All of it is here. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Whole(byte[] bytes) implements BodySender {
    @Override
    public Optional<String> framing(String method) {
      boolean none = bytes.length == 0 && (method.equals("GET") || method.equals("HEAD"));
      return none ? Optional.empty() : Optional.of("Content-Length: " + bytes.length);
    }

    @Override
    public void send(OutputStream out) throws IOException {
      out.write(bytes);
      out.flush();
    }
  }

  /** More is coming: sent by the pump's thread while the caller reads the answer. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Chunks(byte[] beginning, InputPump rest) implements BodySender {
    @Override
    public Optional<String> framing(String method) {
      return Optional.of("Transfer-Encoding: chunked");
    }

    @Override
    public void send(OutputStream out) throws IOException {
      rest.sendChunks(beginning, out);
    }
  }

  /** Read while it is sent. */
  record OfFile(RequestBody.FilePart part) implements BodySender {

    private static final int BLOCK_BYTES = 64 << 10;

    @Override
    public Optional<String> framing(String method) {
      return Optional.of("Content-Length: " + part.length());
    }

    @Override
    public void send(OutputStream out) throws IOException {
      byte[] block = new byte[BLOCK_BYTES];
      try (RandomAccessFile file = new RandomAccessFile(part.file().toFile(), "r")) {
        file.seek(part.from());
        long left = part.length();
        while (left > 0) {
          int n = file.read(block, 0, (int) Math.min(block.length, left));
          if (n < 0) {
            throw new EOFException(part.file() + " is shorter than it was");
          }
          out.write(block, 0, n);
          left -= n;
          part.sent().accept(part.length() - left);
        }
      }
      out.flush();
    }
  }
}
