package dev.barista.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What build tools get of the platform's environment: how to reach packages, and nothing else.
 *
 * @param host the platform's own environment
 * @param work folder of the build, the tools' home
 */
record ToolEnvironment(Map<String, String> host, Path work) {

  private static final List<String> KEPT =
      List.of(
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "REQUESTS_CA_BUNDLE");
  private static final String PIP = "PIP_";

  /**
   * A plain path, a home inside the build, pip's own configuration and the build arguments.
   *
   * @param buildArgs from the stack file; they win
   */
  Map<String, String> with(Map<String, String> buildArgs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("HOME", work.toString());
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("PYTHONHASHSEED", "0");
    host.forEach(
        (name, value) -> {
          if (isKept(name)) {
            environment.put(name, value);
          }
        });
    environment.putAll(buildArgs);
    return environment;
  }

  /**
   * Files and folders that the kept variables name: certificates, folders of packages. Those of
   * build arguments are not among them, since a stack file may come from a stranger.
   */
  List<Path> files() {
    return host.entrySet().stream()
        .filter(entry -> isKept(entry.getKey()) && entry.getValue().startsWith("/"))
        .map(entry -> Path.of(entry.getValue()))
        .filter(Files::exists)
        .sorted()
        .toList();
  }

  private static boolean isKept(String name) {
    return KEPT.contains(name) || name.startsWith(PIP);
  }
}
