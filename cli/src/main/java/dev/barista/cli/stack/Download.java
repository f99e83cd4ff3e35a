package dev.barista.cli.stack;

import dev.barista.cli.CliException;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.http.HttpCall;
import dev.barista.cli.http.HttpClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * Fetches a small text of the net: no credentials are sent, a redirect is followed to the same
 * server only, and neither size nor time is without a bound.
 */
public final class Download {

  private static final Duration MOST_TIME = Duration.ofSeconds(20);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);
  private static final int MOST_REDIRECTS = 5;
  private static final int BUFFER_BYTES = 16 << 10;

  private final HttpClient client;
  private final int maxBytes;

  public Download(HttpClient client, int maxBytes) {
    this.client = client;
    this.maxBytes = maxBytes;
  }

  /**
   * @param address http or https
   * @throws CliException telling why it can't be had
   */
  public String text(URI address) {
    long end = System.nanoTime() + MOST_TIME.toNanos();
    URI at = address;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      try (HttpAnswer answer = client.send(HttpCall.of("GET", at, LONGEST_SILENCE))) {
        if (!isRedirect(answer)) {
          return text(address, answer, end);
        }
        at = target(address, at, answer);
      } catch (IOException e) {
        throw failed(address, String.valueOf(e.getMessage()));
      }
    }
    throw failed(address, "it redirects without end");
  }

  /** Scheme, host and port. */
  static boolean sameOrigin(URI a, URI b) {
    return Objects.equals(a.getScheme(), b.getScheme())
        && Objects.equals(a.getHost(), b.getHost())
        && a.getPort() == b.getPort();
  }

  private static boolean isRedirect(HttpAnswer answer) {
    return answer.status() >= 301 && answer.status() <= 308 && answer.status() != 304;
  }

  private static URI target(URI address, URI at, HttpAnswer answer) {
    URI target;
    try {
      target = at.resolve(answer.header("Location").orElse(""));
    } catch (IllegalArgumentException e) {
      throw failed(address, "it redirects to nowhere");
    }
    if (!sameOrigin(at, target)) {
      throw failed(address, "it redirects to another server, " + target + "; name that one");
    }
    return target;
  }

  private String text(URI address, HttpAnswer answer, long end) throws IOException {
    if (answer.status() != 200) {
      throw failed(address, "the answer is " + (answer.status() + " " + answer.reason()).strip());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    InputStream body = answer.body();
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      bytes.write(buffer, 0, n);
      if (bytes.size() > maxBytes) {
        throw failed(address, "it is longer than " + maxBytes + " bytes");
      }
      if (System.nanoTime() - end > 0) {
        throw failed(address, "it takes longer than " + MOST_TIME.toSeconds() + " s");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw failed(address, "it is not UTF-8 text");
    }
  }

  private static CliException failed(URI address, String reason) {
    return CliException.failed(address + " can't be used: " + reason);
  }
}
