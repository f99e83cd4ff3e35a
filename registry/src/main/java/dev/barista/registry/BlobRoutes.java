package dev.barista.registry;

import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.image.RegistryException;
import dev.barista.image.RegistryException.Code;
import dev.barista.image.Repositories;
import dev.barista.image.Repositories.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code NAME/blobs/DIGEST}. */
final class BlobRoutes {

  private static final int COPY_BYTES = 64 << 10;

  /** One range; several are answered with the whole blob, which HTTP allows. */
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  private final Repositories repositories;

  BlobRoutes(Repositories repositories) {
    this.repositories = repositories;
  }

  void handle(Exchange exchange, Target.Blob target) throws IOException {
    switch (exchange.method()) {
      case "HEAD" -> {
        StoredBlob blob = blob(target);
        RegistryApi.respondWithLength(exchange, 200, headers(blob), blob.size());
      }
      case "GET" -> get(exchange, blob(target));
      case "DELETE" -> {
        repositories.deleteBlob(target.name(), target.digest());
        exchange.respond(RegistryApi.accepted());
      }
      default -> throw RegistryApi.otherMethod(exchange);
    }
  }

  private StoredBlob blob(Target.Blob target) throws IOException {
    return repositories
        .blob(target.name(), target.digest())
        .orElseThrow(() -> unknown(target.digest()));
  }

  private static RegistryException unknown(String digest) {
    return new RegistryException(
        Code.BLOB_UNKNOWN, "this repository has no blob " + digest + ": push or mount it first");
  }

  private static Headers headers(StoredBlob blob) {
    return RegistryApi.contentHeaders(blob.digest(), "application/octet-stream")
        .with("Accept-Ranges", "bytes");
  }

  private static void get(Exchange exchange, StoredBlob blob) throws IOException {
    Optional<Span> span = exchange.head().header("Range").flatMap(text -> Span.of(text, blob));
    if (span.isEmpty()) {
      send(exchange, blob, 200, headers(blob), new Span(0, blob.size()));
    } else if (span.get().length() <= 0) {
      Headers headers = headers(blob).with("Content-Range", "bytes */" + blob.size());
      exchange.respond(416, headers, new byte[0]);
    } else {
      send(exchange, blob, 206, span.get().describe(headers(blob), blob), span.get());
    }
  }

  private static void send(
      Exchange exchange, StoredBlob blob, int status, Headers headers, Span span)
      throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(blob.file(), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw unknown(blob.digest());
    }
    try (channel;
        InputStream in = Channels.newInputStream(channel.position(span.from()));
        OutputStream out =
            exchange.respond(
                status, headers.with("Content-Length", Long.toString(span.length())))) {
      copy(in, out, span.length());
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] block = new byte[(int) Math.min(COPY_BYTES, Math.max(1, length))];
    long left = length;
    while (left > 0) {
      int n = in.read(block, 0, (int) Math.min(block.length, left));
      if (n < 0) {
        throw new IOException("the blob is shorter than it was");
      }
      out.write(block, 0, n);
      left -= n;
    }
  }

  /** A part of a blob. */
  private record Span(long from, long length) {

    /** Empty for what isn't one range of bytes; no length for one outside. RFC 9110, 14.1.2. */
    static Optional<Span> of(String text, StoredBlob blob) {
      Matcher matcher = RANGE.matcher(text.strip());
      if (!matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
        return Optional.empty();
      }
      if (matcher.group(1).isEmpty()) {
        long last = Math.min(blob.size(), Long.parseLong(matcher.group(2)));
        return Optional.of(new Span(blob.size() - last, last));
      }
      long from = Long.parseLong(matcher.group(1));
      long to = matcher.group(2).isEmpty() ? blob.size() - 1 : Long.parseLong(matcher.group(2));
      if (!matcher.group(2).isEmpty() && to < from) {
        return Optional.empty();
      }
      return Optional.of(new Span(from, Math.min(to, blob.size() - 1) - from + 1));
    }

    Headers describe(Headers headers, StoredBlob blob) {
      return headers.with(
          "Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + blob.size());
    }
  }
}
