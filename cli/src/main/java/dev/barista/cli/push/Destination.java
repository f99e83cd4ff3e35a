package dev.barista.cli.push;

import dev.barista.cli.gateway.Credentials;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpClient;
import dev.barista.image.DockerLogins;
import dev.barista.image.ImageReference;
import dev.barista.image.RemoteRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where an image is pushed to.
 *
 * @param repository its name there
 * @param shown for the user
 */
public record Destination(RemoteRegistry registry, String repository, String shown) {

  /**
   * The registry that the image's name names; the gateway's own when it names none, or that.
   *
   * @param environment for the folder of Docker's logins
   */
  public static Destination named(
      ImageReference image, Gateway gateway, HttpClient client, Map<String, String> environment)
      throws IOException {
    Optional<String> host = image.registry();
    if (host.isEmpty() || isGateway(host.get(), gateway)) {
      return atGateway(image, gateway);
    }
    URI base = URI.create((isLoopback(host.get()) ? "http://" : "https://") + host.get());
    return new Destination(
        RemoteRegistry.foreign(
            base,
            new DockerLogins(loginFile(environment)).find(host.get()),
            new HttpTransport(client::send)),
        image.path(),
        host.get());
  }

  /**
   * The gateway, under the image's whole name, so that a deployment finds it there. A name with a
   * port can't be a repository: such an image goes to the registry that it names.
   */
  static Destination forDeployment(
      ImageReference image, Gateway gateway, HttpClient client, Map<String, String> environment)
      throws IOException {
    boolean port = image.registry().filter(host -> host.indexOf(':') >= 0).isPresent();
    return port ? named(image, gateway, client, environment) : atGateway(image, gateway);
  }

  private static Destination atGateway(ImageReference image, Gateway gateway) {
    boolean own = image.registry().filter(host -> isGateway(host, gateway)).isPresent();
    return new Destination(
        RemoteRegistry.gateway(
            URI.create(gateway.url().text()),
            gateway.credentials().map(Credentials::authorization),
            new HttpTransport(gateway::send)),
        own ? image.path() : image.repository(),
        gateway.url().text());
  }

  private static boolean isGateway(String host, Gateway gateway) {
    return host.equalsIgnoreCase(URI.create(gateway.url().text()).getRawAuthority());
  }

  /** As Docker has it: a registry of this machine needs no TLS. */
  private static boolean isLoopback(String host) {
    return host.matches("(localhost|127(\\.[0-9]{1,3}){3})(:[0-9]+)?");
  }

  private static Path loginFile(Map<String, String> environment) {
    String named = environment.getOrDefault("DOCKER_CONFIG", "");
    Path folder =
        named.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "."), ".docker")
            : Path.of(named);
    return folder.resolve("config.json");
  }
}
