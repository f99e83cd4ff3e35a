package dev.barista.gateway.routes;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Files of one flat folder of the class path, read once when first asked for. A name is letters,
 * digits, '-' and dots inside, so that no path leads out of the folder. Thread-safe.
 */
public final class StaticFiles {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Scripts and styles of our own only; nothing inline, nothing foreign, in nobody's frame. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ClassLoader loader;
  private final String folder;

  // Mutable state
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /**
   * @param folder resource folder, such as {@code dev/barista/portal}
   */
  public StaticFiles(ClassLoader loader, String folder) {
    this.loader = loader;
    this.folder = folder;
  }

  /** Answers {@code /ui/NAME}; {@code /ui/} is {@code index.html}. */
  void serve(Exchange exchange) throws IOException {
    String name = exchange.remainder().isEmpty() ? "index.html" : exchange.remainder();
    Answer answer = find(name).orElseThrow(() -> missing(name));
    Optional<String> known = exchange.head().header("If-None-Match");
    if (known.isPresent() && known.equals(answer.headers().first("ETag"))) {
      exchange.respond(304, answer.headers(), new byte[0]);
      return;
    }
    exchange.respond(answer);
  }

  private Optional<Answer> find(String name) throws IOException {
    Answer cached = answers.get(name);
    if (cached != null) {
      return Optional.of(cached);
    }
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try (InputStream in = loader.getResourceAsStream(folder + "/" + name)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] body = in.readAllBytes();
      Answer answer = new Answer(200, headers(type, body), body);
      answers.put(name, answer);
      return Optional.of(answer);
    }
  }

  private static Headers headers(String type, byte[] body) {
    CRC32 checksum = new CRC32();
    checksum.update(body);
    return Headers.of(
        "Content-Type", type,
        "ETag", "\"" + Long.toHexString(checksum.getValue()) + "-" + body.length + "\"",
        "Cache-Control", "no-cache",
        "Content-Security-Policy", POLICY,
        "X-Content-Type-Options", "nosniff",
        "X-Frame-Options", "DENY",
        "Referrer-Policy", "no-referrer",
        "Cross-Origin-Opener-Policy", "same-origin",
        "Cross-Origin-Resource-Policy", "same-origin");
  }

  private static FaasException missing(String name) {
    return new FaasException(
        ErrorCode.ROUTE_NOT_FOUND, "gateway", "the web page has no file " + name);
  }
}
