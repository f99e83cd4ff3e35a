package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A package index on a free port, so that tests of npm need no network. */
final class FakeNpmRegistry implements AutoCloseable {

  private final HttpServer server;
  private final Map<String, String> sources = new ConcurrentHashMap<>();
  final AtomicInteger requests = new AtomicInteger();

  FakeNpmRegistry() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            requests.incrementAndGet();
            String path = exchange.getRequestURI().getPath();
            String name = path.substring(1).replaceFirst("/.*", "");
            String source = sources.get(name);
            if (source == null) {
              exchange.sendResponseHeaders(404, -1);
              return;
            }
            byte[] answer = path.endsWith(".tgz") ? archive(source, name) : about(name);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  FakeNpmRegistry with(String name, String source) {
    sources.put(name, source);
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private byte[] about(String name) {
    return """
    {"name": "%1$s", "dist-tags": {"latest": "4.21.2"}, "versions": {"4.21.2": {
      "name": "%1$s", "version": "4.21.2", "main": "index.js",
      "dist": {"tarball": "%2$s%1$s/-/%1$s-4.21.2.tgz"}}}}
    """
        .formatted(name, url())
        .getBytes(UTF_8);
  }

  private static byte[] archive(String source, String name) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      add(tar, "package/index.js", source);
      add(
          tar,
          "package/package.json",
          "{\"name\": \"%s\", \"version\": \"4.21.2\", \"main\": \"index.js\"}".formatted(name));
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String path, String text) throws IOException {
    byte[] content = text.getBytes(UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
