package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Java: the template's sources and the handler's are compiled by the JDK's compiler into a jar
 * each; libraries are jars in the handler's {@code lib/} and what a {@code pom.xml} names.
 */
final class JavaBuild implements RuntimeBuild {

  private static final String RUNTIME_SOURCES = "runtime/";
  private static final String RUNTIME_JAR = "runtime.jar";
  private static final String FUNCTION_JAR = "function.jar";
  private static final String TEMPLATE = "Template";
  private static final String LIBRARIES = "Libraries";
  private static final String HANDLER = "Handler";

  private final String handlerPrefix;
  private final BuildFiles files;
  private final BuildTool tool;
  private final BuildListener listener;
  private final JavaTools tools;
  private final JavaTests tests;

  JavaBuild(BuildRequest request, BuildFiles files, BuildContext context) {
    this.handlerPrefix = request.template().settings().handlerPrefix();
    this.files = files;
    this.tool = context.tool();
    this.listener = context.listener();
    this.tools = JavaTools.of(context, request.buildArgs());
    this.tests =
        new JavaTests(
            LayerEntry.below(handlerPrefix, files.handler()), request.buildArgs(), tools, context);
  }

  @Override
  public List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    NavigableMap<String, LayerEntry> runtime = LayerEntry.below(RUNTIME_SOURCES, files.template());
    NavigableMap<String, LayerEntry> handler = LayerEntry.below(handlerPrefix, files.handler());
    String runtimeKey = tools.key("java-runtime").addFiles(runtime).finish();
    parts.add(
        new Part(TEMPLATE, runtimeKey, _ -> jar(RUNTIME_JAR, runtime, new TreeMap<>(), List.of())));

    NavigableMap<String, LayerEntry> jars = new TreeMap<>(LayerEntry.below("lib/", handler));
    jars.keySet().removeIf(path -> !path.endsWith(".jar"));
    Optional<LayerEntry> pom = Optional.ofNullable(handler.get("pom.xml"));
    String librariesKey = librariesKey(jars, pom);
    if (!jars.isEmpty() || pom.isPresent()) {
      parts.add(new Part(LIBRARIES, librariesKey, _ -> libraries(jars, pom)));
    } else if (handler.containsKey("build.gradle")) {
      tellOfGradle(handler.get("build.gradle"));
    }

    String key =
        tools.key("java-handler").addFiles(handler).add(runtimeKey).add(librariesKey).finish();
    parts.add(
        new Part(
            HANDLER,
            key,
            earlier -> handler(runtime, handler, JarFiles.ofPart(LIBRARIES, earlier))));
    if (tests.areWanted()) {
      parts.addAll(tests.parts(key, JavaBuild::classPath));
    }
    return parts;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public Map<String, String> labels() {
    return Map.of(ImageLabels.RUNTIME, "java");
  }

  private String librariesKey(NavigableMap<String, LayerEntry> jars, Optional<LayerEntry> pom)
      throws IOException {
    NavigableMap<String, LayerEntry> all = new TreeMap<>(jars);
    pom.ifPresent(entry -> all.put("pom.xml", entry));
    return tools.key("java-libraries").addFiles(all).finish();
  }

  private NavigableMap<String, LayerEntry> libraries(
      NavigableMap<String, LayerEntry> jars, Optional<LayerEntry> pom) throws IOException {
    Path step = tool.newStep();
    Path lib = Files.createDirectories(step.resolve("files/lib"));
    LayerFolder.write(jars, lib);
    if (pom.isPresent()) {
      tools.maven().fetch(pom.get(), "runtime", step, lib);
    }
    return LayerFolder.entries(step.resolve("files"));
  }

  private NavigableMap<String, LayerEntry> handler(
      NavigableMap<String, LayerEntry> runtime,
      NavigableMap<String, LayerEntry> handler,
      List<Path> libraries)
      throws IOException {
    NavigableMap<String, LayerEntry> main = LayerEntry.below("src/main/java/", handler);
    NavigableMap<String, LayerEntry> sources =
        JavaCompiler.sources(main.isEmpty() ? handler : main);
    if (sources.isEmpty()) {
      throw refused("the handler folder has no Java sources in src/main/java");
    }
    NavigableMap<String, LayerEntry> all = new TreeMap<>(sources);
    all.putAll(LayerEntry.below("src/main/resources/", handler));
    return jar(FUNCTION_JAR, all, JavaCompiler.sources(runtime), libraries);
  }

  /** As the handler has it when it runs. */
  private static List<Path> classPath(Earlier earlier) throws IOException {
    List<Path> classPath = new ArrayList<>();
    earlier.folder(HANDLER).ifPresent(folder -> classPath.add(folder.resolve(FUNCTION_JAR)));
    earlier.folder(TEMPLATE).ifPresent(folder -> classPath.add(folder.resolve(RUNTIME_JAR)));
    classPath.addAll(JarFiles.ofPart(LIBRARIES, earlier));
    return classPath;
  }

  /**
   * Sources become classes, the rest goes in as it is.
   *
   * @param known sources that may be referred to; reading them saves a second compiler's start
   */
  private NavigableMap<String, LayerEntry> jar(
      String name,
      NavigableMap<String, LayerEntry> entries,
      NavigableMap<String, LayerEntry> known,
      List<Path> classPath)
      throws IOException {
    NavigableMap<String, LayerEntry> content = new TreeMap<>(entries);
    NavigableMap<String, LayerEntry> sources = JavaCompiler.sources(entries);
    content.keySet().removeAll(sources.keySet());
    content.putAll(
        LayerFolder.entries(
            tools.compiler().compile("the handler doesn't", sources, known, classPath)));
    Path jar = tool.newStep().resolve(name);
    JarFiles.write(jar, content);
    NavigableMap<String, LayerEntry> layer = new TreeMap<>();
    layer.put(name, new LayerEntry.OnDisk(jar, /* executable= */ false));
    return layer;
  }

  private void tellOfGradle(LayerEntry entry) throws IOException {
    if (entry
        .text()
        .lines()
        .map(String::strip)
        .anyMatch(line -> line.startsWith("implementation"))) {
      listener.progress(
          "build.gradle isn't carried out: name its dependencies in a pom.xml, or put the jars into"
              + " lib/");
    }
  }
}
