package dev.barista.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
}
