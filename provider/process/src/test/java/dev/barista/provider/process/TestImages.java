package dev.barista.provider.process;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.image.HostImage;
import dev.barista.image.ImageReference;
import dev.barista.image.Interpreter;
import dev.barista.image.InterpreterResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Images that are folders of a test. The interpreters are the host's. */
final class TestImages implements Images {

  private final Path root;
  private final InterpreterResolver interpreters;
  private final Map<String, HostImage> images = new ConcurrentHashMap<>();

  TestImages(Path root) {
    this.root = root;
    this.interpreters = new InterpreterResolver(root, System.getenv());
  }

  /** An image of the files in the test resources' folder {@code functions/FOLDER}. */
  TestImages add(
      String name, String folder, boolean listensOnSocket, Map<String, String> environment)
      throws IOException {
    Path tree = Files.createDirectories(root.resolve("trees").resolve(name));
    Path source = Path.of("src/test/resources/functions", folder);
    try (var files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, tree.resolve(source.relativize(file).toString()));
      }
    }
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
    images.put(
        name,
        new HostImage(
            ImageReference.parse(name),
            "sha256:" + name,
            tree,
            environment,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            listensOnSocket));
    return this;
  }

  @Override
  public HostImage resolve(String reference) {
    HostImage image = images.get(reference);
    if (image == null) {
      throw new FaasException(ErrorCode.IMAGE_INVALID, "image", "no image " + reference);
    }
    return image;
  }

  @Override
  public Interpreter interpreter(HostImage image, String command, Predicate<Interpreter> usable) {
    return interpreters.resolve(command, usable);
  }
}
