package dev.barista.acceptance;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A function whose files are among the tests' resources. */
final class ResourceFunction {

  private ResourceFunction() {}

  /**
   * Builds it from a stack file, as it is, and deploys it.
   *
   * @param folder for the stack file and the handler
   * @param resources its files, as {@code /http/server.py}
   */
  static void up(
      Barista barista,
      Path folder,
      String name,
      List<String> resources,
      String fprocess,
      Map<String, String> environment)
      throws IOException {
    Path handler = Files.createDirectory(folder.resolve(name));
    for (String resource : resources) {
      try (InputStream in =
          requireNonNull(ResourceFunction.class.getResourceAsStream(resource), resource)) {
        Files.copy(in, handler.resolve(resource.substring(resource.lastIndexOf('/') + 1)));
      }
    }
    StringBuilder stack =
        new StringBuilder(
            """
            version: 1.0
            provider:
              name: openfaas
            functions:
              %1$s:
                lang: dockerfile
                handler: ./%1$s
                image: %1$s:latest
                fprocess: %2$s
            """
                .formatted(name, fprocess));
    if (!environment.isEmpty()) {
      stack.append("    environment:\n");
    }
    environment.forEach(
        (key, value) -> stack.append("      ").append(key).append(": ").append(value).append('\n'));
    Files.writeString(folder.resolve("stack.yml"), stack);
    barista.command(folder, "", "up", "-f", "stack.yml").succeeded();
  }
}
