package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of a folder: {@code index.html} for a folder that has one, else a list of its files; parts
 * by {@code Range}, nothing at all if the client has the newest already. Links are followed within
 * the folder only. No process is started.
 */
final class StaticRunner implements Runner {

  private static final int CHUNK_BYTES = 64 << 10;

  private final Path root;

  StaticRunner(Path root) {
    this.root = root;
  }

  @Override
  public void run(Call call) {
    String method = call.head().method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      call.exchange().respond(Answer.empty(405).with("Allow", "GET, HEAD"));
      call.ended().accept(405);
      return;
    }
    call.exchange()
        .block(
            exchange -> {
              int status = CLIENT_GONE;
              try {
                status = serve(exchange, call);
              } finally {
                call.ended().accept(status);
              }
            });
  }

  @Override
  public void close() {}

  private int serve(Exchange exchange, Call call) throws IOException {
    Optional<Path> found = find(call.rawPath());
    if (found.isEmpty()) {
      return whole(exchange, Answer.text(404, "404 page not found\n"));
    }
    Path file = found.get();
    boolean folderAsked = call.rawPath().endsWith("/");
    boolean isFolder = Files.isDirectory(file);
    if (isFolder != folderAsked) {
      // Relative links in a folder's page need the slash, those of a file's must not have it.
      String name = call.rawPath().replaceFirst("/$", "").replaceFirst(".*/", "");
      return redirect(exchange, call, isFolder ? name + "/" : "../" + name);
    }
    if (call.rawPath().endsWith("/index.html")) {
      return redirect(exchange, call, "./");
    }
    if (!isFolder) {
      return file(exchange, file);
    }
    Path index = file.resolve("index.html");
    return Files.isRegularFile(index) ? file(exchange, index) : list(exchange, file);
  }

  /** Empty for what isn't there, can't be read, or is outside. */
  private Optional<Path> find(String rawPath) {
    try {
      String path = new String(RequestVariables.decode(rawPath), UTF_8);
      Path file = root.resolve("." + path).normalize();
      Path real = file.toRealPath();
      return real.startsWith(root.toRealPath()) && Files.isReadable(real)
          ? Optional.of(real)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static int redirect(Exchange exchange, Call call, String to) throws IOException {
    String query = call.rawQuery().isEmpty() ? "" : "?" + call.rawQuery();
    return whole(exchange, Answer.empty(301).with("Location", to + query));
  }

  private static int whole(Exchange exchange, Answer answer) throws IOException {
    exchange.respond(answer);
    return answer.status();
  }

  private static int list(Exchange exchange, Path folder) throws IOException {
    var page = new StringBuilder("<!doctype html>\n<meta charset=\"utf-8\">\n<pre>\n");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName() + (Files.isDirectory(file) ? "/" : "");
        page.append("<a href=\"").append(href(name)).append("\">").append(escaped(name));
        page.append("</a>\n");
      }
    }
    byte[] bytes = page.append("</pre>\n").toString().getBytes(UTF_8);
    return whole(
        exchange, new Answer(200, Headers.of("Content-Type", "text/html; charset=utf-8"), bytes));
  }

  /** A name with ':' in front of a '/' would be taken for a URL of another scheme. */
  private static String href(String name) {
    var text = new StringBuilder("./");
    for (byte b : name.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0)) {
        text.append(c);
      } else {
        text.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        text.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return text.toString();
  }

  private static String escaped(String name) {
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static int file(Exchange exchange, Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Instant modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
    String lastModified = HttpDates.format(modified);
    Optional<Instant> known = exchange.head().header("If-Modified-Since").flatMap(HttpDates::parse);
    if (known.isPresent() && !modified.isAfter(known.get())) {
      return whole(exchange, Answer.empty(304).with("Last-Modified", lastModified));
    }
    long size = attributes.size();
    ByteRange range =
        exchange
            .head()
            .header("Range")
            .filter(_ -> rangeIsOfThis(exchange, lastModified))
            .map(text -> ByteRange.parse(text, size))
            .orElse(new ByteRange.All());
    var headers =
        Headers.of("Last-Modified", lastModified, "Accept-Ranges", "bytes")
            .with("Content-Type", contentType(file));
    return switch (range) {
      case ByteRange.Unsatisfiable _ ->
          whole(exchange, Answer.empty(416).with("Content-Range", "bytes */" + size));
      case ByteRange.All _ -> bytes(exchange, 200, headers, file, 0, size);
      case ByteRange.Part(long first, long last) ->
          bytes(
              exchange,
              206,
              headers.with("Content-Range", "bytes " + first + "-" + last + "/" + size),
              file,
              first,
              last - first + 1);
    };
  }

  /** A part is no use to who has an older beginning. RFC 9110, 13.1.5. */
  private static boolean rangeIsOfThis(Exchange exchange, String lastModified) {
    return exchange.head().header("If-Range").map(lastModified::equals).orElse(true);
  }

  private static int bytes(
      Exchange exchange, int status, Headers headers, Path file, long first, long count)
      throws IOException {
    try (InputStream in = Files.newInputStream(file);
        OutputStream out =
            exchange.respond(status, headers.with("Content-Length", Long.toString(count)))) {
      if (exchange.method().equals("HEAD")) {
        return status;
      }
      in.skipNBytes(first);
      var chunk = new byte[CHUNK_BYTES];
      for (long left = count; left > 0; ) {
        int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (read < 0) {
          throw new NoSuchFileException(file + " became shorter while it was sent");
        }
        out.write(chunk, 0, read);
        left -= read;
      }
    }
    return status;
  }

  private static String contentType(Path file) throws IOException {
    Optional<String> byName = MediaTypes.ofName(String.valueOf(file.getFileName()));
    if (byName.isPresent()) {
      return byName.get();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ContentSniffer.guess(in.readNBytes(ContentSniffer.BYTES));
    }
  }
}
