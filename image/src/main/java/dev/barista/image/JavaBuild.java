package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Java: the template's sources and the handler's are compiled by the JDK's compiler into a jar
 * each; libraries are jars in the handler's {@code lib/} and what a {@code pom.xml} names.
 */
final class JavaBuild implements RuntimeBuild {

  private static final String RUNTIME_SOURCES = "runtime/";
  private static final String RUNTIME_JAR = "runtime.jar";
  private static final String FUNCTION_JAR = "function.jar";
  private static final String LIBRARIES = "Libraries";

  private final String handlerFolder;
  private final BuildFiles files;
  private final Interpreter jdk;
  private final BuildTool tool;
  private final BuildListener listener;
  private final MavenLibraries maven;

  JavaBuild(BuildRequest request, BuildFiles files, BuildContext context) {
    String folder = request.template().settings().handlerFolder();
    this.handlerFolder = folder.isEmpty() ? "" : folder + '/';
    this.files = files;
    this.jdk = context.interpreters().resolve("java");
    this.tool = context.tool();
    this.listener = context.listener();
    this.maven = new MavenLibraries(context, jdk, request.buildArgs());
  }

  @Override
  public List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    NavigableMap<String, LayerEntry> runtime = below(RUNTIME_SOURCES, files.template());
    NavigableMap<String, LayerEntry> handler = below(handlerFolder, files.handler());
    String runtimeKey = key("java-runtime").addFiles(runtime).finish();
    parts.add(
        new Part(
            "Template", runtimeKey, _ -> jar(RUNTIME_JAR, runtime, new TreeMap<>(), List.of())));

    NavigableMap<String, LayerEntry> jars = new TreeMap<>(below("lib/", handler));
    jars.keySet().removeIf(path -> !path.endsWith(".jar"));
    Optional<LayerEntry> pom = Optional.ofNullable(handler.get("pom.xml"));
    String librariesKey = librariesKey(jars, pom);
    if (!jars.isEmpty() || pom.isPresent()) {
      parts.add(new Part(LIBRARIES, librariesKey, _ -> libraries(jars, pom)));
    } else if (handler.containsKey("build.gradle")) {
      tellOfGradle(handler.get("build.gradle"));
    }

    if (handler.keySet().stream().anyMatch(path -> path.startsWith("src/test/"))) {
      listener.progress("src/test isn't run at build: run it with your own Maven or Gradle");
    }
    String key = key("java-handler").addFiles(handler).add(runtimeKey).add(librariesKey).finish();
    parts.add(
        new Part("Handler", key, earlier -> handler(runtime, handler, earlier.folder(LIBRARIES))));
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

  private LayerKey key(String kind) {
    return new LayerKey(kind).add(jdk.version());
  }

  private String librariesKey(NavigableMap<String, LayerEntry> jars, Optional<LayerEntry> pom)
      throws IOException {
    NavigableMap<String, LayerEntry> all = new TreeMap<>(jars);
    pom.ifPresent(entry -> all.put("pom.xml", entry));
    return key("java-libraries").addFiles(all).finish();
  }

  private NavigableMap<String, LayerEntry> libraries(
      NavigableMap<String, LayerEntry> jars, Optional<LayerEntry> pom) throws IOException {
    Path step = tool.newStep();
    Path lib = Files.createDirectories(step.resolve("files/lib"));
    LayerFolder.write(jars, lib);
    if (pom.isPresent()) {
      maven.fetch(pom.get(), step, lib);
    }
    return LayerFolder.entries(step.resolve("files"));
  }

  private NavigableMap<String, LayerEntry> handler(
      NavigableMap<String, LayerEntry> runtime,
      NavigableMap<String, LayerEntry> handler,
      Optional<Path> libraries)
      throws IOException {
    List<Path> classPath = new ArrayList<>();
    Optional<Path> lib = libraries.map(folder -> folder.resolve("lib")).filter(Files::isDirectory);
    if (lib.isPresent()) {
      try (Stream<Path> found = Files.list(lib.get())) {
        found.sorted().forEach(classPath::add);
      }
    }
    NavigableMap<String, LayerEntry> main = below("src/main/java/", handler);
    NavigableMap<String, LayerEntry> sources = sources(main.isEmpty() ? handler : main);
    if (sources.isEmpty()) {
      throw refused("the handler folder has no Java sources in src/main/java");
    }
    NavigableMap<String, LayerEntry> all = new TreeMap<>(sources);
    all.putAll(below("src/main/resources/", handler));
    return jar(FUNCTION_JAR, all, sources(runtime), classPath);
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
    NavigableMap<String, LayerEntry> sources = sources(entries);
    content.keySet().removeAll(sources.keySet());
    content.putAll(LayerFolder.entries(compiled(sources, known, classPath)));
    Path jar = tool.newStep().resolve(name);
    JarFiles.write(jar, content);
    NavigableMap<String, LayerEntry> layer = new TreeMap<>();
    layer.put(name, new LayerEntry.OnDisk(jar, /* executable= */ false));
    return layer;
  }

  private Path compiled(
      NavigableMap<String, LayerEntry> sources,
      NavigableMap<String, LayerEntry> known,
      List<Path> classPath)
      throws IOException {
    Path step = tool.newStep();
    Path classes = Files.createDirectory(step.resolve("classes"));
    Path folder = Files.createDirectory(step.resolve("src"));
    LayerFolder.write(sources, folder);
    LayerFolder.write(known, Files.createDirectory(step.resolve("known")));
    Path arguments = step.resolve("arguments");
    Files.write(
        arguments,
        sources.keySet().stream().map(path -> quoted(folder.resolve(path))).toList(),
        UTF_8);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xmx512m"));
    command.addAll(List.of("-encoding", "UTF-8", "-proc:none", "-nowarn", "-parameters", "-g"));
    command.addAll(List.of("-d", classes.toString(), "-implicit:none"));
    command.addAll(List.of("-sourcepath", step.resolve("known").toString()));
    if (!classPath.isEmpty()) {
      command.add("-cp");
      command.add(String.join(":", classPath.stream().map(Path::toString).toList()));
    }
    command.add("@" + arguments);
    BuildTool.Result result =
        tool.run(
            ToolRun.of(javac(), command, step, Map.of("LC_ALL", "C.UTF-8"))
                .withReadable(classPath));
    if (!result.succeeded()) {
      result.lastLines().forEach(line -> listener.progress(line.replace(folder + "/", "")));
      throw refused("the handler doesn't compile: " + firstError(result.lastLines(), folder));
    }
    return classes;
  }

  private Interpreter javac() {
    Path javac = jdk.executable().resolveSibling("javac");
    if (!Files.isExecutable(javac)) {
      throw refused("Java at " + jdk.executable() + " has no compiler: install a JDK 25");
    }
    return new Interpreter("javac", javac, jdk.version(), jdk.abi(), jdk.folders());
  }

  private void tellOfGradle(LayerEntry entry) throws IOException {
    String text;
    try (InputStream in = entry.open()) {
      text = new String(in.readAllBytes(), UTF_8);
    }
    if (text.lines().map(String::strip).anyMatch(line -> line.startsWith("implementation"))) {
      listener.progress(
          "build.gradle isn't carried out: name its dependencies in a pom.xml, or put the jars into"
              + " lib/");
    }
  }

  private static String firstError(List<String> lines, Path folder) {
    return lines.stream()
        .filter(line -> line.contains("error:"))
        .findFirst()
        .orElse(lines.isEmpty() ? "javac said nothing" : lines.getFirst())
        .replace(folder + "/", "");
  }

  private static NavigableMap<String, LayerEntry> sources(
      NavigableMap<String, LayerEntry> entries) {
    NavigableMap<String, LayerEntry> sources = new TreeMap<>(entries);
    sources.keySet().removeIf(path -> !path.endsWith(".java") || path.startsWith("src/test/"));
    return sources;
  }

  private static NavigableMap<String, LayerEntry> below(
      String prefix, NavigableMap<String, LayerEntry> entries) {
    NavigableMap<String, LayerEntry> below = new TreeMap<>();
    entries.forEach(
        (path, entry) -> {
          if (path.startsWith(prefix)) {
            below.put(path.substring(prefix.length()), entry);
          }
        });
    return below;
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static FaasException refused(String sentence) {
    return new FaasException(ErrorCode.BAD_REQUEST, "image", sentence);
  }
}
