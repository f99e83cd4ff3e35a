package dev.barista.image;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a build's steps share.
 *
 * @param work folder of this build
 * @param hostEnvironment the platform's own environment, of which tools get a few names
 */
record BuildContext(
    InterpreterResolver interpreters,
    Path work,
    BuildTool tool,
    BuildListener listener,
    Map<String, String> hostEnvironment) {

  /** Names that carry no credential of the platform and that downloads may need. */
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
          "REQUESTS_CA_BUNDLE",
          "LANG");

  /**
   * The environment of a tool: a plain path, a home inside the build, the tool's own configuration
   * and the build arguments.
   *
   * @param prefix of the tool's own variables, {@code PIP_}
   */
  Map<String, String> toolEnvironment(String prefix, Map<String, String> buildArgs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("HOME", work.toString());
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("PYTHONHASHSEED", "0");
    hostEnvironment.forEach(
        (name, value) -> {
          if (KEPT.contains(name) || name.startsWith(prefix)) {
            environment.put(name, value);
          }
        });
    environment.putAll(buildArgs);
    return environment;
  }
}
