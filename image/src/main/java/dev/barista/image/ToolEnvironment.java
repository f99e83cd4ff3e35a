package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What build tools get of the platform's environment: how to reach packages, and nothing else. A
 * value with a password in it ({@code https://user:password@host}) isn't given, since every
 * package's own code could read it.
 *
 * @param host the platform's own environment
 */
record ToolEnvironment(Map<String, String> host) {

  static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

  private static final Set<String> KEPT =
      Set.of(
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "REQUESTS_CA_BUNDLE",
          "NODE_EXTRA_CA_CERTS",
          "npm_config_registry",
          "NPM_CONFIG_REGISTRY",
          "npm_config_cafile",
          "NPM_CONFIG_CAFILE",
          "GOPROXY",
          "GOSUMDB",
          "GONOSUMDB",
          "GONOPROXY",
          "GOPRIVATE",
          "GOTOOLCHAIN",
          "CARGO_HTTP_CAINFO",
          "CARGO_HTTP_PROXY",
          "CARGO_NET_OFFLINE",
          "DOTNET_NUGET_SIGNATURE_VERIFICATION");
  private static final String PIP = "PIP_";
  private static final Pattern PASSWORD = Pattern.compile("://[^/@\\s]*:[^/@\\s]*@");
  private static final Pattern NPM_KEPT =
      Pattern.compile("(@[^:=]+:registry|registry|cafile|proxy|https-proxy|noproxy)\\s*=.*");

  /**
   * A plain path, where packages come from, and the build arguments.
   *
   * @param buildArgs from the stack file; they win
   */
  Map<String, String> with(Map<String, String> buildArgs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", SYSTEM_PATH);
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("PYTHONHASHSEED", "0");
    host.forEach(
        (name, value) -> {
          if (isKept(name) && !hasPassword(value)) {
            environment.put(name, value);
          }
        });
    environment.putAll(buildArgs);
    return environment;
  }

  /** Names of kept variables that aren't given since a password is in them, sorted. */
  Set<String> withheld() {
    return host.entrySet().stream()
        .filter(entry -> isKept(entry.getKey()) && hasPassword(entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Files and folders that the kept variables name: certificates, folders of packages. Those of
   * build arguments are not among them, since a stack file may come from a stranger.
   */
  List<Path> files() throws IOException {
    Stream<String> named =
        host.entrySet().stream().filter(entry -> isKept(entry.getKey())).map(Map.Entry::getValue);
    Stream<String> ofNpm =
        npmSettings().stream()
            .filter(line -> line.startsWith("cafile"))
            .map(line -> line.substring(line.indexOf('=') + 1).strip());
    return Stream.concat(named, ofNpm)
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .filter(path -> path.getNameCount() > 1 && !isHome(path) && Files.exists(path))
        .distinct()
        .sorted()
        .toList();
  }

  /** The lines of the user's {@code .npmrc} that say where packages come from, no credentials. */
  List<String> npmSettings() throws IOException {
    Path file = Path.of(host.getOrDefault("HOME", "/"), ".npmrc");
    if (!Files.isReadable(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file, UTF_8)) {
      return lines
          .map(String::strip)
          .filter(line -> NPM_KEPT.matcher(line).matches() && !hasPassword(line))
          .toList();
    }
  }

  private boolean isHome(Path path) {
    return Path.of(host.getOrDefault("HOME", "/")).startsWith(path);
  }

  private static boolean hasPassword(String value) {
    return PASSWORD.matcher(value).find();
  }

  private static boolean isKept(String name) {
    return KEPT.contains(name) || name.startsWith(PIP);
  }
}
