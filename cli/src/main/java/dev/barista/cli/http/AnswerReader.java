package dev.barista.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.Printable;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the head of an answer and finds where its body ends. */
final class AnswerReader {

  private static final int MAX_HEAD_BYTES = 256 << 10;

  private final InputStream in;

  // Mutable state
  private int headBytes;

  private AnswerReader(InputStream in) {
    this.in = in;
  }

  /** {@code connection} is closed with the body. */
  static HttpAnswer read(InputStream in, Closeable connection, String method) throws IOException {
    AnswerReader reader = new AnswerReader(in);
    HttpAnswer head = reader.head();
    while (head.status() >= 100 && head.status() < 200 && head.status() != 101) {
      head = reader.head(); // an interim answer such as 103
    }
    InputStream body = body(head, method, in, connection);
    return new HttpAnswer(head.status(), head.reason(), head.headers(), body);
  }

  private HttpAnswer head() throws IOException {
    String[] status = line().split(" ", 3);
    if (status.length < 2
        || !status[0].startsWith("HTTP/1.")
        || !status[1].matches("[1-9]\\d\\d")) {
      throw new IOException("the answer is not HTTP");
    }
    List<HttpCall.Header> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer has a malformed header");
      }
      headers.add(header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    String reason = status.length == 3 ? Printable.line(status[2]) : "";
    return new HttpAnswer(
        Integer.parseInt(status[1]), reason, headers, InputStream.nullInputStream());
  }

  private static HttpCall.Header header(String name, String value) throws IOException {
    try {
      return new HttpCall.Header(name, value);
    } catch (IllegalArgumentException e) {
      throw new IOException("the answer has a malformed header", e);
    }
  }

  private static InputStream body(
      HttpAnswer head, String method, InputStream in, Closeable connection) throws IOException {
    if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
      return BodyStream.ofLength(0, in, connection);
    }
    Optional<String> coding = head.header("Transfer-Encoding");
    if (coding.isPresent()) {
      if (!coding.get().equalsIgnoreCase("chunked")) {
        throw new IOException(
            "the answer has an unknown transfer coding: " + Printable.line(coding.get()));
      }
      return BodyStream.ofChunks(in, connection);
    }
    Optional<String> length = head.header("Content-Length");
    if (length.isEmpty()) {
      return BodyStream.untilClose(in, connection);
    }
    try {
      return BodyStream.ofLength(Long.parseUnsignedLong(length.get()), in, connection);
    } catch (NumberFormatException e) {
      throw new IOException("the answer has a malformed Content-Length", e);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed before the answer");
      }
      if (++headBytes > MAX_HEAD_BYTES) {
        throw new IOException("the head of the answer is longer than 256 KiB");
      }
      line.write(c);
    }
    return line.toString(UTF_8).stripTrailing();
  }
}
