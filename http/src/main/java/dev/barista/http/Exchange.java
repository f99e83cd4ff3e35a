package dev.barista.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * One request and its answer for blocking code. Used by one thread at a time, except {@link
 * #onClientGone}. Nothing is buffered whole: reading the body and writing the answer block while
 * the other side is slower.
 */
public interface Exchange {

  RequestHead head();

  default String method() {
    return head().method();
  }

  /** The client's {@code X-Call-Id}, or a generated one. */
  String callId();

  /**
   * The percent-decoded text that a {@code {name}} of the route's pattern matched. May contain
   * anything, also '/'.
   *
   * @throws IllegalArgumentException if the pattern has no such variable
   */
  String pathVariable(String name);

  /** The raw text that the {@code *} at the end of the route's pattern matched, else empty. */
  String remainder();

  /** First value of a query parameter, decoded. */
  Optional<String> query(String name);

  /** Every value of a query parameter, decoded, in order. */
  List<String> queryAll(String name);

  /**
   * The body as it arrives. Reads throw the {@link HttpException} that the client was answered with
   * when it sent too slowly ({@code SLOW_SENDER}, 408), too much ({@code BODY_TOO_LARGE}, 413) or
   * no valid chunks ({@code MALFORMED}, 400), and an {@link IOException} when it has gone.
   */
  InputStream body();

  /**
   * The whole body. One whose {@code Content-Length} is above the limit is refused unread.
   *
   * @throws HttpException {@code BODY_TOO_LARGE} when it has more than {@code limit} bytes; others
   *     as reads of {@link #body()}
   * @throws IOException when the client has gone
   */
  byte[] body(int limit) throws IOException;

  /**
   * Answers in one piece, with {@code Content-Length}; returns when it is handed to the connection.
   *
   * @throws IllegalStateException when the answer has started already
   * @throws IOException when the client has gone
   */
  void respond(int status, Headers headers, byte[] body) throws IOException;

  /** {@link #respond(int, Headers, byte[])}. */
  default void respond(Answer answer) throws IOException {
    respond(answer.status(), answer.headers(), answer.body());
  }

  /**
   * Begins an answer that is written piece by piece, each {@code flush()} reaching the client at
   * once; chunked unless {@code headers} has a {@code Content-Length}. The caller closes the
   * stream: an answer that is not closed is cut off. Writes block while the client reads slowly.
   *
   * @throws IllegalStateException when the answer has started already
   * @throws IOException when the client has gone
   */
  OutputStream respond(int status, Headers headers) throws IOException;

  boolean responseStarted();

  /** Whether the client's connection has ended. */
  boolean clientGone();

  /**
   * Runs {@code action} once, when the client's connection ends before the answer does; at once if
   * it has ended already. The action runs on an event loop and must not block.
   */
  void onClientGone(Runnable action);
}
