package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A package index for npm. */
final class FakeNpmRegistry extends FakeFileServer {

  private final Map<String, String> sources = new ConcurrentHashMap<>();

  FakeNpmRegistry() throws IOException {
    super("/");
  }

  FakeNpmRegistry with(String name, String source) {
    sources.put(name, source);
    return this;
  }

  @Override
  Optional<byte[]> file(String path) {
    String name = path.substring(1).replaceFirst("/.*", "");
    String source = sources.get(name);
    if (source == null) {
      return Optional.empty();
    }
    return Optional.of(path.endsWith(".tgz") ? archive(source, name) : about(name));
  }

  private byte[] about(String name) {
    return """
    {"name": "%1$s", "dist-tags": {"latest": "4.21.2"}, "versions": {"4.21.2": {
      "name": "%1$s", "version": "4.21.2", "main": "index.js",
      "dist": {"tarball": "%2$s/%1$s/-/%1$s-4.21.2.tgz"}}}}
    """
        .formatted(name, url())
        .getBytes(UTF_8);
  }

  private static byte[] archive(String source, String name) {
    String about =
        "{\"name\": \"%s\", \"version\": \"4.21.2\", \"main\": \"index.js\"}".formatted(name);
    return TarBall.packed(
        new TarBall().file("package/index.js", source).file("package/package.json", about).plain());
  }
}
