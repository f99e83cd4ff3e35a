package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs what a Java handler has in {@code src/test/java} at build, by JUnit's console launcher,
 * which runs tests of JUnit 4, too. The host's Maven fetches it, and the libraries of scope {@code
 * test} where there is a {@code pom.xml}. {@code TEST_ENABLED=false} leaves the tests out.
 *
 * <p>Not {@code mvn test}: the classes that handlers implement are the template's and in no
 * repository, so Maven couldn't compile a handler whose {@code pom.xml} names its libraries only.
 */
final class JavaTests {

  static final String LIBRARIES_PART = "Test libraries";

  private static final String SOURCES = "src/test/java/";
  private static final String RESOURCES = "src/test/resources";
  private static final String LAUNCHER_NAME = "junit-platform-console-standalone";
  private static final String LAUNCHER = "org.junit.platform:" + LAUNCHER_NAME + ":";
  private static final String LAUNCHER_CLASS = "org.junit.platform.console.ConsoleLauncher";

  /** For handlers whose {@code pom.xml} names none. */
  private static final String LAUNCHER_VERSION = "1.14.4";

  private static final List<String> JUNIT_4 =
      List.of("junit:junit:4.13.2", "org.hamcrest:hamcrest-core:1.3");

  /** What handlers' tests need unless they say otherwise. */
  static final List<String> OFTEN_NEEDED =
      Stream.concat(Stream.of(LAUNCHER + LAUNCHER_VERSION), JUNIT_4.stream()).toList();

  private static final Pattern USES_JUNIT_4 =
      Pattern.compile("import\\s+(static\\s+)?(junit\\.|org\\.junit\\.(?!jupiter\\b|platform\\b))");
  private static final Pattern JUPITER = Pattern.compile("junit-jupiter-api-([0-9].*)\\.jar");
  private static final Pattern FAILED = Pattern.compile(".* > .* :: FAILED");
  private static final int NO_TESTS = 2;
  private static final String LEAVE_OUT =
      ", or leave the tests out by the build argument TEST_ENABLED=false";

  private final NavigableMap<String, LayerEntry> handler;
  private final Map<String, String> buildArgs;
  private final JavaTools tools;
  private final BuildContext context;

  /**
   * @param handler the handler's files
   */
  JavaTests(
      NavigableMap<String, LayerEntry> handler,
      Map<String, String> buildArgs,
      JavaTools tools,
      BuildContext context) {
    this.handler = new TreeMap<>(handler);
    this.buildArgs = buildArgs;
    this.tools = tools;
    this.context = context;
  }

  boolean areWanted() {
    return !"false".equals(buildArgs.get("TEST_ENABLED")) && !sources().isEmpty();
  }

  /**
   * The launcher with its libraries, and the run. Neither is part of the image.
   *
   * @param handlerKey of the part that made the handler's classes
   * @param classPath of the handler at run time, out of what was made before
   */
  List<RuntimeBuild.Part> parts(String handlerKey, ClassPath classPath) throws IOException {
    List<String> more = usesJunit4() ? JUNIT_4 : List.of();
    Optional<LayerEntry> pom = Optional.ofNullable(handler.get("pom.xml"));
    NavigableMap<String, LayerEntry> poms = new TreeMap<>();
    pom.ifPresent(entry -> poms.put("pom.xml", entry));
    LayerKey libraries = tools.key("java-test-libraries");
    libraries.add(LAUNCHER + LAUNCHER_VERSION).addFiles(poms);
    more.forEach(libraries::add);
    String librariesKey = libraries.finish();
    Map<String, String> environment = context.environment().with(buildArgs);
    LayerKey tests = new LayerKey("java-tests").add(handlerKey).add(librariesKey);
    String testsKey = tests.addFiles(handler).add(new TreeMap<>(environment)).finish();
    return List.of(
        new RuntimeBuild.Part(
            LIBRARIES_PART, librariesKey, /* inImage= */ false, _ -> libraries(pom, more)),
        new RuntimeBuild.Part(
            "Tests",
            testsKey,
            /* inImage= */ false,
            earlier -> run(environment, classPath.of(earlier), earlier)));
  }

  /** Where the handler's classes are. */
  @FunctionalInterface
  interface ClassPath {
    List<Path> of(RuntimeBuild.Earlier earlier) throws IOException;
  }

  private NavigableMap<String, LayerEntry> sources() {
    NavigableMap<String, LayerEntry> sources = LayerEntry.below(SOURCES, handler);
    sources.keySet().removeIf(path -> !path.endsWith(".java"));
    return sources;
  }

  private boolean usesJunit4() throws IOException {
    for (LayerEntry source : sources().values()) {
      if (USES_JUNIT_4.matcher(source.text()).find()) {
        return true;
      }
    }
    return false;
  }

  private NavigableMap<String, LayerEntry> libraries(Optional<LayerEntry> pom, List<String> more)
      throws IOException {
    if (!MavenLibraries.isInstalled()) {
      throw refused(
          "the handler has tests in src/test/java, and JUnit comes by Maven, which isn't installed:"
              + " install it (Debian: apt install maven)"
              + LEAVE_OUT);
    }
    List<Path> found = List.of();
    NavigableMap<String, LayerEntry> layer = new TreeMap<>();
    if (pom.isPresent()) {
      Path step = context.tool().newStep();
      Path lib = Files.createDirectories(step.resolve("files/lib"));
      tools.maven().fetch(pom.get(), "test", step, lib);
      found = JarFiles.in(lib);
      layer.putAll(LayerFolder.entries(step.resolve("files")));
    }
    List<String> wanted = new ArrayList<>();
    if (found.stream().noneMatch(jar -> Folders.name(jar).startsWith(LAUNCHER_NAME))) {
      wanted.add(LAUNCHER + launcherVersion(found));
    }
    if (found.stream().noneMatch(jar -> Folders.name(jar).startsWith("junit-4"))) {
      wanted.addAll(more);
    }
    if (!wanted.isEmpty()) {
      layer.putAll(fetched(wanted));
    }
    return layer;
  }

  private NavigableMap<String, LayerEntry> fetched(List<String> wanted) throws IOException {
    Path step = context.tool().newStep();
    Path lib = Files.createDirectories(step.resolve("files/lib"));
    try {
      tools.maven().fetchNamed(wanted, step, lib);
    } catch (FaasException e) {
      throw refused(e.getMessage() + LEAVE_OUT);
    }
    return LayerFolder.entries(step.resolve("files"));
  }

  /**
   * The launcher that fits the handler's own JUnit: 5.13.1 belongs to 1.13.1, from 6 on the same.
   */
  private static String launcherVersion(List<Path> libraries) {
    return libraries.stream()
        .map(jar -> JUPITER.matcher(Folders.name(jar)))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .map(version -> version.startsWith("5.") ? "1." + version.substring(2) : version)
        .findFirst()
        .orElse(LAUNCHER_VERSION);
  }

  private NavigableMap<String, LayerEntry> run(
      Map<String, String> environment, List<Path> handlerClasses, RuntimeBuild.Earlier earlier)
      throws IOException {
    List<Path> classPath = new ArrayList<>(handlerClasses);
    classPath.addAll(JarFiles.ofPart(LIBRARIES_PART, earlier));
    Path classes =
        tools.compiler().compile("the handler's tests don't", sources(), none(), classPath);
    Path step = context.tool().newStep();
    LayerFolder.write(handler, Files.createDirectory(step.resolve("source")));
    Path resources = step.resolve("source").resolve(RESOURCES);
    if (Files.isDirectory(resources)) {
      classPath.add(0, resources);
    }
    classPath.add(0, classes);
    BuildTool.Result result =
        context
            .tool()
            .run(
                ToolRun.of(Interpreter.SHELL, command(classes, classPath), step, environment)
                    .withReadable(tools.jdk().folders())
                    .withReadable(classPath)
                    .withTold()
                    .withNoted(FAILED));
    if (result.status() == NO_TESTS) {
      throw refused("src/test/java has no test of JUnit: name its classes otherwise" + LEAVE_OUT);
    }
    if (!result.succeeded()) {
      throw refused("the handler's tests failed" + names(result) + ": see the output" + LEAVE_OUT);
    }
    return none();
  }

  /** Tests may read files of the handler's folder, so they run there. */
  private List<String> command(Path classes, List<Path> classPath) {
    List<String> command =
        new ArrayList<>(
            List.of("-ec", "cd source; exec \"$@\"", "sh", tools.jdk().executable().toString()));
    command.addAll(JavaCompiler.SHORT_RUN);
    command.addAll(JavaCompiler.classPathOption(classPath));
    command.addAll(List.of(LAUNCHER_CLASS, "execute", "--scan-classpath", classes.toString()));
    // Integration tests want more than a build has; Maven's own convention leaves them out, too.
    command.addAll(List.of("--include-classname", "^(?!.*IT$).*$", "--fail-if-no-tests"));
    command.addAll(List.of("--disable-banner", "--disable-ansi-colors", "--details=testfeed"));
    return command;
  }

  /** As {@code : HandlerTest > answers()}. */
  private static String names(BuildTool.Result result) {
    List<String> names =
        result.notedLines().stream()
            .map(line -> line.substring(line.indexOf(" > ") + 3, line.lastIndexOf(" :: ")))
            .toList();
    return names.isEmpty()
        ? " with exit status " + result.status()
        : " (" + String.join(", ", names) + ")";
  }

  private static NavigableMap<String, LayerEntry> none() {
    return new TreeMap<>();
  }
}
