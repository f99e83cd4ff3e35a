package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Sends requests to a registry: HTTP without redirects, cookies or proxies. Which addresses may be
 * reached is its own affair. Thread-safe, blocking.
 */
@FunctionalInterface
public interface RegistryTransport {

  /** Returns when the head of the answer is there. */
  Answer send(Call call) throws IOException;

  /**
   * One request.
   *
   * @param headers without those of host, connection and body
   */
  record Call(String method, URI uri, Map<String, String> headers, Body body) {
    public Call {
      requireNonNull(method, "method");
      requireNonNull(uri, "uri");
      headers = new TreeMap<>(headers);
      requireNonNull(body, "body");
    }

    static Call of(String method, URI uri) {
      return new Call(method, uri, Map.of(), new Body.None());
    }

    Call with(String name, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(name, value);
      return new Call(method, uri, more, body);
    }

    Call with(Body content) {
      return new Call(method, uri, headers, content);
    }
  }

  /** What a request carries; each can be sent again. */
  sealed interface Body {
    record None() implements Body {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes) implements Body {}

    /**
     * A part of a file.
     *
     * @param sent told each number of bytes when they have been sent
     */
    record FilePart(Path file, long from, long length, LongConsumer sent) implements Body {}
  }

  /**
   * The answer's head, and its body still to be read.
   *
   * @param headers names in lower case
   * @param body closing it ends the connection
   */
  record Answer(int status, Map<String, String> headers, InputStream body)
      implements AutoCloseable {
    public Answer {
      headers = Map.copyOf(headers);
      requireNonNull(body, "body");
    }

    Optional<String> header(String lowerCaseName) {
      return Optional.ofNullable(headers.get(lowerCaseName));
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }
}
