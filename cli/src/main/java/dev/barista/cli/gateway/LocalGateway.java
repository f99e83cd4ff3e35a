package dev.barista.cli.gateway;

import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway that serves from a data folder of this machine: it leaves its address there in {@code
 * gateway.json} ({@code {"url": …, "pid": …, "born": …, "secrets": …}}) with the folder of its
 * password, readable by its user only. So on the same machine no login is needed.
 *
 * @param secrets folder of the files {@code basic-auth-user} and {@code basic-auth-password};
 *     absent with {@code --auth none}
 */
public record LocalGateway(Path dataFolder, GatewayUrl url, Optional<Path> secrets) {

  /** What a gateway tells of itself. */
  public static Path file(Path dataFolder) {
    return dataFolder.resolve("gateway.json");
  }

  /** {@code BARISTA_DATA}, or {@code ~/.barista}. */
  public static Path dataFolder(Map<String, String> environment) {
    String named = environment.getOrDefault("BARISTA_DATA", "");
    return named.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "."), ".barista")
        : Path.of(named).toAbsolutePath();
  }

  /**
   * Empty when none runs. A gateway that ended without cleaning up doesn't count, nor one whose
   * process id is another process's by now: its port may belong to another user's program, which
   * must not be given the password.
   */
  public static Optional<LocalGateway> find(Path dataFolder) {
    try {
      JsonObject json = Json.object(Files.readString(file(dataFolder))).orElse(JsonObject.EMPTY);
      Optional<String> url = json.text("url");
      boolean runs =
          json.text("born").isPresent()
              && ProcessBirth.of(json.count("pid")).equals(json.text("born"));
      return url.isPresent() && runs
          ? Optional.of(
              new LocalGateway(
                  dataFolder, GatewayUrl.of(url.get()), json.text("secrets").map(Path::of)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether that address is this gateway, also under another name of this machine. Another loopback
   * address with the same port may be another user's program, unless this one listens on all.
   */
  public boolean isAt(GatewayUrl other) {
    boolean sameHost =
        switch (url.host()) {
          case "[::]" -> other.loopback();
          case "0.0.0.0" -> other.loopback() && !other.host().startsWith("[");
          case "127.0.0.1" -> other.host().equals("localhost");
          default -> false;
        };
    return other.equals(url)
        || (sameHost && other.port() == url.port() && other.encrypted() == url.encrypted());
  }

  /** Empty with {@code --auth none}, or when this user may not read it. */
  public Optional<Credentials> credentials() {
    return secrets.flatMap(LocalGateway::read);
  }

  private static Optional<Credentials> read(Path secrets) {
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
