package dev.barista.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Head of an answer, and its body still to be read.
 *
 * @param reason the words after the status, perhaps none
 * @param body closing it closes the connection; ends with an {@link IOException} when the
 *     connection broke before the body was complete
 */
public record HttpAnswer(int status, String reason, List<HttpCall.Header> headers, InputStream body)
    implements AutoCloseable {

  /** Bound of what is read as one text. */
  private static final int MAX_TEXT_BYTES = 64 << 20;

  public HttpAnswer {
    requireNonNull(reason, "reason");
    headers = List.copyOf(headers);
    requireNonNull(body, "body");
  }

  public boolean successful() {
    return status >= 200 && status < 300;
  }

  /** The first header of that name, in any case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(HttpCall.Header::value)
        .findFirst();
  }

  /** The whole body as UTF-8. */
  public String text() throws IOException {
    byte[] bytes = body.readNBytes(MAX_TEXT_BYTES);
    if (bytes.length == MAX_TEXT_BYTES) {
      throw new IOException("the answer is longer than 64 MiB");
    }
    return new String(bytes, UTF_8);
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
