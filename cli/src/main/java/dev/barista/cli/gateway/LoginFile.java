package dev.barista.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * faas-cli's file of logins, {@code ~/.openfaas/config.yml}, shared with it: what this class
 * doesn't know stays as it is. Folder 0700, file 0600; replaced in one step.
 */
public final class LoginFile {

  private static final String AUTHS = "auths";

  private final Path file;

  private LoginFile(Path file) {
    this.file = file;
  }

  /** {@code OPENFAAS_CONFIG} names the folder; with {@code CI=true} it is that of the project. */
  public static LoginFile of(Map<String, String> environment, Path workingFolder) {
    String named = environment.getOrDefault("OPENFAAS_CONFIG", "");
    Path folder;
    if (!named.isEmpty()) {
      String home = environment.getOrDefault("HOME", "");
      folder = workingFolder.resolve(named.startsWith("~/") ? home + named.substring(1) : named);
    } else if (environment.getOrDefault("CI", "").equals("true")) {
      folder = workingFolder.resolve(".openfaas");
    } else {
      folder = Path.of(environment.getOrDefault("HOME", "."), ".openfaas");
    }
    return new LoginFile(folder.resolve("config.yml"));
  }

  /** The login for exactly that gateway. */
  public Optional<Credentials> find(GatewayUrl gateway) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    for (Map<String, Object> entry : entries(read())) {
      Object token = entry.get("token");
      if (isFor(gateway, entry) && token instanceof String text && !text.isEmpty()) {
        return Optional.of(credentials(entry, text));
      }
    }
    return Optional.empty();
  }

  /** Adds or replaces the login of a gateway. */
  public void save(GatewayUrl gateway, Credentials.Basic credentials) throws IOException {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("gateway", gateway.text());
    entry.put("auth", "basic");
    entry.put("token", credentials.token());
    replace(gateway, Optional.of(entry));
  }

  /**
   * @return whether there was one
   */
  public boolean remove(GatewayUrl gateway) throws IOException {
    return Files.exists(file) && replace(gateway, Optional.empty());
  }

  private boolean replace(GatewayUrl gateway, Optional<Map<String, Object>> entry)
      throws IOException {
    Map<String, Object> all = Files.exists(file) ? read() : new LinkedHashMap<>();
    List<Map<String, Object>> kept = new ArrayList<>(entries(all));
    boolean removed = kept.removeIf(candidate -> isFor(gateway, candidate));
    entry.ifPresent(kept::add);
    all.put(AUTHS, kept);
    write(all);
    return removed;
  }

  private static boolean isFor(GatewayUrl gateway, Map<String, Object> entry) {
    return entry.get("gateway") instanceof String url && url.equals(gateway.text());
  }

  private Credentials credentials(Map<String, Object> entry, String token) {
    if (!"basic".equals(entry.get("auth"))) {
      return new Credentials.Bearer(token);
    }
    try {
      String pair = new String(Base64.getDecoder().decode(token), UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        return new Credentials.Basic(pair.substring(0, colon), pair.substring(colon + 1));
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw CliException.failed(
        file + ": the token of " + entry.get("gateway") + " is no basic login; run barista login");
  }

  @SuppressWarnings("unchecked") // a YAML mapping, its keys checked to be texts
  private static Optional<Map<String, Object>> mapping(Object value) {
    return value instanceof Map<?, ?> map
            && map.keySet().stream().allMatch(String.class::isInstance)
        ? Optional.of((Map<String, Object>) map)
        : Optional.empty();
  }

  private static List<Map<String, Object>> entries(Map<String, Object> all) {
    return all.get(AUTHS) instanceof List<?> list
        ? list.stream().flatMap(element -> mapping(element).stream()).toList()
        : List.of();
  }

  private Map<String, Object> read() {
    try {
      Object root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
      if (root == null) {
        return new LinkedHashMap<>();
      }
      return new LinkedHashMap<>(
          mapping(root).orElseThrow(() -> unreadable("expected: a list under \"auths\"")));
    } catch (IOException | YamlEngineException e) {
      throw unreadable("expected: YAML");
    }
  }

  private CliException unreadable(String expectation) {
    return CliException.failed(
        file + " can't be read as faas-cli's configuration (" + expectation + ")");
  }

  private void write(Map<String, Object> all) throws IOException {
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setIndicatorIndent(0).build();
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("no folder of " + file);
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path fresh =
        Files.createTempFile(
            folder,
            ".config",
            ".yml",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(fresh, new Dump(settings).dumpToString(all));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
