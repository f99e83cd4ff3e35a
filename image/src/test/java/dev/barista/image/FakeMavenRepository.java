package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A repository with the one library {@code demo:tiny:1.0}; Maven's own plugins come from its usual
 * place.
 */
final class FakeMavenRepository implements AutoCloseable {

  private final HttpServer server;

  /** For files of the library. */
  final AtomicInteger requests = new AtomicInteger();

  FakeMavenRepository() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] answer = answer(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(
                answer.length == 0 ? 404 : 200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  private byte[] answer(String path) throws IOException {
    if (!path.startsWith("/demo/")) {
      return new byte[0];
    }
    requests.incrementAndGet();
    return switch (path) {
      case "/demo/tiny/1.0/tiny-1.0.pom" -> POM.getBytes(UTF_8);
      case "/demo/tiny/1.0/tiny-1.0.jar" -> jar();
      default -> new byte[0];
    };
  }

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>demo</groupId><artifactId>tiny</artifactId><version>1.0</version></project>
      """;

  private static byte[] jar() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("demo/word.txt"));
      zip.write("from a library".getBytes(UTF_8));
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  /**
   * A {@code pom.xml} that names the library.
   *
   * @param more dependencies
   */
  String pom(String more) {
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
    <groupId>a</groupId><artifactId>b</artifactId><version>1</version>
    <repositories><repository><id>fake</id><url>http://127.0.0.1:%d/</url></repository></repositories>
    <dependencies><dependency>
      <groupId>demo</groupId><artifactId>tiny</artifactId><version>1.0</version>
    </dependency>%s</dependencies></project>
    """
        .formatted(server.getAddress().getPort(), more);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
