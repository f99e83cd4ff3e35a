package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A place where packages come from, and how many were asked for. */
final class FakePackages extends FakeFileServer {

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  FakePackages() throws IOException {
    super("/");
  }

  FakePackages with(String path, String content) {
    return with(path, content.getBytes(UTF_8));
  }

  FakePackages with(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  @Override
  Optional<byte[]> file(String path) {
    return Optional.ofNullable(files.get(path));
  }
}
