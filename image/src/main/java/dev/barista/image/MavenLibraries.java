package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Fetches what a handler's {@code pom.xml} names, by the host's Maven. */
final class MavenLibraries {

  private static final String POM_HEAD =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>function</groupId><artifactId>tests</artifactId><version>1</version>
        <dependencies>
      """;
  private static final String POM_END = "</dependencies></project>\n";

  private final BuildContext context;
  private final Interpreter jdk;
  private final Map<String, String> buildArgs;

  MavenLibraries(BuildContext context, Interpreter jdk, Map<String, String> buildArgs) {
    this.context = context;
    this.jdk = jdk;
    this.buildArgs = buildArgs;
  }

  static boolean isInstalled() {
    return executable().isPresent();
  }

  /**
   * Copies the jars that a {@code pom.xml} names into a folder of a new step. What was fetched is
   * kept with the function.
   *
   * @param scope Maven's word for what they are needed for, such as {@code runtime}
   * @throws FaasException when there is no Maven, or it fails
   */
  void fetch(LayerEntry pom, String scope, Path step, Path target) throws IOException {
    Path file = step.resolve("pom.xml");
    try (InputStream in = pom.open()) {
      Files.copy(in, file);
    }
    List<String> goal =
        List.of(
            "-f",
            file.toString(),
            "dependency:copy-dependencies",
            "-DincludeScope=" + scope,
            "-DoutputDirectory=" + target);
    BuildTool.Result result = run(goal, step, seeded(), buildArgs);
    if (!result.succeeded()) {
      throw refused("Maven could not fetch the dependencies in pom.xml: " + reason(result));
    }
  }

  /**
   * The same for jars without a {@code pom.xml}, and nothing that these need.
   *
   * @param artifacts each as {@code GROUP:NAME:VERSION}
   */
  void fetchNamed(List<String> artifacts, Path step, Path target) throws IOException {
    fetchNamed(artifacts, step, target, seeded(), buildArgs);
  }

  private void fetchNamed(
      List<String> artifacts, Path step, Path target, Path cache, Map<String, String> arguments)
      throws IOException {
    StringBuilder pom = new StringBuilder(POM_HEAD);
    for (String artifact : artifacts) {
      String[] parts = artifact.split(":", 3);
      pom.append("<dependency><groupId>").append(parts[0]);
      pom.append("</groupId><artifactId>").append(parts[1]);
      pom.append("</artifactId><version>").append(parts[2]).append("</version></dependency>\n");
    }
    Path file = Files.writeString(step.resolve("pom.xml"), pom.append(POM_END));
    List<String> goal =
        List.of(
            "-f",
            file.toString(),
            "dependency:copy-dependencies",
            "-DexcludeTransitive=true",
            "-DoutputDirectory=" + target);
    BuildTool.Result result = run(goal, step, cache, arguments);
    if (!result.succeeded()) {
      throw refused("Maven could not fetch " + artifacts.getFirst() + ": " + reason(result));
    }
  }

  /**
   * The function's cache. A new one has Maven's own plugin and JUnit already, which this host
   * fetches once: without the function's build arguments, which may say from where.
   */
  private Path seeded() throws IOException {
    LayerKey key = new LayerKey("seed-maven").add(maven().executable().toString());
    JavaTests.OFTEN_NEEDED.forEach(key::add);
    FunctionCaches.seed(
        context,
        key.finish(),
        "Maven: fetching its own plugin and JUnit",
        draft -> {
          Path step = context.tool().newStep();
          Path target = Files.createDirectory(step.resolve("files"));
          fetchNamed(JavaTests.OFTEN_NEEDED, step, target, draft, Map.of());
        });
    return context.cache();
  }

  private BuildTool.Result run(
      List<String> goal, Path step, Path cache, Map<String, String> arguments) throws IOException {
    Map<String, String> environment = context.environment().with(arguments);
    environment.put("JAVA_HOME", jdk.executable().resolve("../..").normalize().toString());
    // Maven's own libraries make a JDK 25 warn in each run.
    environment.put(
        "MAVEN_OPTS", "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow");
    Path repository = Files.createDirectories(FunctionCaches.open(cache).resolve("maven"));
    List<String> command =
        new ArrayList<>(List.of("--batch-mode", "--quiet", "-Dstyle.color=never"));
    command.add("-Dmaven.repo.local=" + repository);
    command.addAll(goal);
    return context
        .tool()
        .run(
            ToolRun.of(maven(), command, step, environment)
                .withWritable(List.of(cache))
                .withTold());
  }

  private Interpreter maven() {
    return executable()
        .map(path -> new Interpreter("mvn", path, "", Optional.empty(), jdk.folders()))
        .orElseThrow(
            () ->
                refused(
                    "the handler has a pom.xml and Maven isn't installed: install it (Debian: apt"
                        + " install maven), or put the jars into lib/"));
  }

  private static Optional<Path> executable() {
    return Stream.of("/usr/local/bin/mvn", "/usr/bin/mvn")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String reason(BuildTool.Result result) {
    return result.lastLines().stream()
        .filter(line -> line.startsWith("[ERROR]"))
        .findFirst()
        .orElse("it said nothing");
  }
}
