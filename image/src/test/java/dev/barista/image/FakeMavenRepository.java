package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A repository with the one library {@code demo:tiny:1.0}; Maven's own plugins come from its usual
 * place and aren't counted.
 */
final class FakeMavenRepository extends FakeFileServer {

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>demo</groupId><artifactId>tiny</artifactId><version>1.0</version></project>
      """;

  FakeMavenRepository() throws IOException {
    super("/demo/");
  }

  @Override
  Optional<byte[]> file(String path) throws IOException {
    return switch (path) {
      case "/demo/tiny/1.0/tiny-1.0.pom" -> Optional.of(POM.getBytes(UTF_8));
      case "/demo/tiny/1.0/tiny-1.0.jar" -> Optional.of(jar());
      default -> Optional.empty();
    };
  }

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
    <repositories><repository><id>fake</id><url>%s/</url></repository></repositories>
    <dependencies><dependency>
      <groupId>demo</groupId><artifactId>tiny</artifactId><version>1.0</version>
    </dependency>%s</dependencies></project>
    """
        .formatted(url(), more);
  }
}
