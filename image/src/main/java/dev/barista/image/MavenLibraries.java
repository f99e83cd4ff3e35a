package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fetches what a handler's {@code pom.xml} names, by the host's Maven. */
final class MavenLibraries {

  private final BuildContext context;
  private final Interpreter jdk;
  private final Map<String, String> buildArgs;

  MavenLibraries(BuildContext context, Interpreter jdk, Map<String, String> buildArgs) {
    this.context = context;
    this.jdk = jdk;
    this.buildArgs = buildArgs;
  }

  /**
   * Copies the jars into a folder of a new step. What was fetched is kept with the function.
   *
   * @throws FaasException when there is no Maven, or it fails
   */
  void fetch(LayerEntry pom, Path step, Path target) throws IOException {
    Interpreter maven = maven();
    Path file = step.resolve("pom.xml");
    try (InputStream in = pom.open()) {
      Files.copy(in, file);
    }
    Map<String, String> environment = context.environment().with(buildArgs);
    environment.put("JAVA_HOME", jdk.executable().resolve("../..").normalize().toString());
    // Maven's own libraries make a JDK 25 warn in each run.
    environment.put(
        "MAVEN_OPTS", "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow");
    Path repository =
        Files.createDirectories(FunctionCaches.open(context.cache()).resolve("maven"));
    List<String> arguments =
        List.of(
            "--batch-mode",
            "--quiet",
            "-Dstyle.color=never",
            "-f",
            file.toString(),
            "-Dmaven.repo.local=" + repository,
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            "-DoutputDirectory=" + target);
    BuildTool.Result result =
        context
            .tool()
            .run(
                ToolRun.of(maven, arguments, step, environment)
                    .withWritable(List.of(context.cache()))
                    .withTold());
    if (!result.succeeded()) {
      throw refused("Maven could not fetch the dependencies in pom.xml: " + reason(result));
    }
  }

  private Interpreter maven() {
    Optional<Path> found =
        List.of("/usr/local/bin/mvn", "/usr/bin/mvn").stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      throw refused(
          "the handler has a pom.xml and Maven isn't installed: install it (Debian: apt install"
              + " maven), or put the jars into lib/");
    }
    return new Interpreter("mvn", found.get(), "", Optional.empty(), jdk.folders());
  }

  private static String reason(BuildTool.Result result) {
    return result.lastLines().stream()
        .filter(line -> line.startsWith("[ERROR]"))
        .findFirst()
        .orElse("it said nothing");
  }

  private static FaasException refused(String sentence) {
    return new FaasException(ErrorCode.BAD_REQUEST, "image", sentence);
  }
}
