package dev.barista.cli.gateway;

import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway that serves from this user's data folder: it leaves its address there in {@code
 * gateway.json} ({@code {"url": …, "pid": …}}), and its password in {@code secrets/}, readable by
 * its user only. So on the same machine no login is needed.
 */
public record LocalGateway(Path dataFolder, GatewayUrl url) {

  /** {@code BARISTA_DATA}, or {@code ~/.barista}. */
  public static Path dataFolder(Map<String, String> environment) {
    String named = environment.getOrDefault("BARISTA_DATA", "");
    return named.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "."), ".barista")
        : Path.of(named).toAbsolutePath();
  }

  /**
   * Empty when none runs. A gateway that ended without cleaning up doesn't count: its port may
   * belong to another user's program by now, which must not be given the password.
   */
  public static Optional<LocalGateway> find(Path dataFolder) {
    try {
      String text = Files.readString(dataFolder.resolve("gateway.json"));
      JsonObject json = Json.object(text).orElse(JsonObject.EMPTY);
      Optional<String> url = json.text("url");
      return url.isPresent() && ProcessHandle.of(json.count("pid")).isPresent()
          ? Optional.of(new LocalGateway(dataFolder, GatewayUrl.of(url.get())))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether that address is this gateway, also under another name of this machine. */
  public boolean isAt(GatewayUrl other) {
    boolean sameHost = other.loopback() && (url.loopback() || bindsEverywhere());
    return other.equals(url)
        || (sameHost && other.port() == url.port() && other.encrypted() == url.encrypted());
  }

  private boolean bindsEverywhere() {
    return url.text().contains("//0.0.0.0:") || url.text().contains("//[::]:");
  }

  /** Empty with {@code --auth none}, or when this user may not read it. */
  public Optional<Credentials> credentials() {
    Path secrets = dataFolder.resolve("secrets");
    try {
      Path user = secrets.resolve("basic-auth-user");
      return Optional.of(
          new Credentials.Basic(
              Files.exists(user) ? Files.readString(user).strip() : "admin",
              Files.readString(secrets.resolve("basic-auth-password")).strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
