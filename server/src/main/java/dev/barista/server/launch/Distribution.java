package dev.barista.server.launch;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The folder that the build assembles and the launcher runs: {@code lib/*.jar}, and the
 * ahead-of-time caches that the launcher made in {@code aot/}.
 *
 * @param home absolute
 */
public record Distribution(Path home) {

  private static final String SERVER_JAR = "barista.jar";
  private static final String WATCHDOG_JAR = "barista-watchdog-";

  public Distribution {
    requireNonNull(home, "home");
  }

  /**
   * The one that this program runs from; empty when it runs from folders of classes, as in tests.
   */
  public static Optional<Distribution> current() {
    return ownJar().map(jar -> new Distribution(jar.resolveSibling("..").normalize()));
  }

  /**
   * Jars of the watchdog, the one with its main class first: a part of those of the server.
   *
   * @throws IOException when the distribution is damaged
   */
  public List<Path> watchdogClassPath() throws IOException {
    Path library = home.resolve("lib");
    String watchdog =
        classPath(library.resolve(SERVER_JAR)).stream()
            .filter(name -> name.startsWith(WATCHDOG_JAR))
            .findFirst()
            .orElseThrow(() -> new IOException(SERVER_JAR + " names no " + WATCHDOG_JAR + "….jar"));
    List<Path> jars = new ArrayList<>();
    jars.add(library.resolve(watchdog));
    classPath(library.resolve(watchdog)).forEach(name -> jars.add(library.resolve(name)));
    return List.copyOf(jars);
  }

  /** The jars that a jar's manifest names; they lie beside it. */
  private static List<String> classPath(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String names = manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return names == null ? List.of() : List.of(names.split(" "));
    }
  }

  /** The watchdog's cache, made with {@link #watchdogClassPath}; empty when there is none. */
  public Optional<Path> watchdogCache() {
    return Optional.of(home.resolve("aot/watchdog.aot")).filter(Files::isRegularFile);
  }

  /** The {@code java} that runs this program. */
  public static Path javaExecutable() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static Optional<Path> ownJar() {
    CodeSource source = Distribution.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
