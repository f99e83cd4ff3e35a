package dev.barista.cli.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One request.
 *
 * @param uri scheme http or https; its path and query are sent as they stand
 * @param headers in their order; {@code Host}, {@code Connection} and those of the body are added
 * @param answerTimeout longest silence of the server; zero = none
 */
public record HttpCall(
    String method, URI uri, List<Header> headers, RequestBody body, Duration answerTimeout) {

  /** Characters that end a header or a line would let a value smuggle in another header. */
  public record Header(String name, String value) {
    public Header {
      if (name.isEmpty() || !name.chars().allMatch(Header::isTokenPart)) {
        throw new IllegalArgumentException("header: \"" + name + "\" (expected: a header's name)");
      }
      if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
        throw new IllegalArgumentException(
            "header " + name + ": a line break (expected: one line of text)");
      }
    }

    private static boolean isTokenPart(int c) {
      return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }

  public HttpCall {
    if (method.isEmpty() || !method.chars().allMatch(Header::isTokenPart)) {
      throw new IllegalArgumentException("method: \"" + method + "\" (expected: such as GET)");
    }
    requireNonNull(uri, "uri");
    headers = List.copyOf(headers);
    requireNonNull(body, "body");
    requireNonNull(answerTimeout, "answerTimeout");
  }

  public static HttpCall of(String method, URI uri, Duration answerTimeout) {
    return new HttpCall(method, uri, List.of(), new RequestBody.None(), answerTimeout);
  }

  public HttpCall withBody(RequestBody body) {
    return new HttpCall(method, uri, headers, body, answerTimeout);
  }

  public HttpCall withHeader(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new HttpCall(method, uri, more, body, answerTimeout);
  }
}
