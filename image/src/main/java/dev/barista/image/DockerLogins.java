package dev.barista.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The logins that {@code docker login}, {@code skopeo login} or {@code oras login} keep in a {@code
 * config.json}. Credential helpers are programs of others, and aren't run.
 */
public record DockerLogins(Path file) {

  private static final int LARGEST = 1 << 20;

  /**
   * Value of the Authorization header for a registry.
   *
   * @param registry host and port; {@code docker.io} for Docker Hub
   * @throws IOException when the file is there and can't be read
   */
  public Optional<String> find(String registry) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
      return Optional.empty();
    }
    List<String> names =
        registry.equals("docker.io")
            ? List.of("docker.io", "https://index.docker.io/v1/", "index.docker.io")
            : List.of(registry, "https://" + registry, "https://" + registry + "/");
    return OciJson.readLogin(Files.readAllBytes(file), names);
  }
}
