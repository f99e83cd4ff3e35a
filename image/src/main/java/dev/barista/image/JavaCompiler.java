package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Compiles a build's Java sources by the compiler of a JDK. */
final class JavaCompiler {

  /** Short runs: the first compiler of the JVM and one thread of garbage collection are faster. */
  static final List<String> SHORT_RUN = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Interpreter jdk;
  private final BuildTool tool;
  private final BuildListener listener;

  JavaCompiler(Interpreter jdk, BuildTool tool, BuildListener listener) {
    this.jdk = jdk;
    this.tool = tool;
    this.listener = listener;
  }

  /**
   * Makes a folder of classes.
   *
   * @param subject what is compiled, for the sentence: {@code the handler doesn't}
   * @param known sources that may be referred to; reading them saves a second compiler's start
   * @param classPath jars that may be referred to
   * @throws FaasException with the first error
   */
  Path compile(
      String subject,
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
    SHORT_RUN.forEach(option -> command.add("-J" + option));
    command.add("-J-Xmx512m");
    command.addAll(List.of("-encoding", "UTF-8", "-proc:none", "-nowarn", "-parameters", "-g"));
    command.addAll(List.of("-d", classes.toString(), "-implicit:none"));
    command.addAll(List.of("-sourcepath", step.resolve("known").toString()));
    command.addAll(classPathOption(classPath));
    command.add("@" + arguments);
    BuildTool.Result result =
        tool.run(
            ToolRun.of(javac(), command, step, Map.of("LC_ALL", "C.UTF-8"))
                .withReadable(classPath));
    if (!result.succeeded()) {
      result.lastLines().forEach(line -> listener.progress(line.replace(folder + "/", "")));
      throw refused(subject + " compile: " + firstError(result.lastLines(), folder));
    }
    return classes;
  }

  /** As the compiler and the JVM take it; nothing for none. */
  static List<String> classPathOption(List<Path> classPath) {
    return classPath.isEmpty()
        ? List.of()
        : List.of("-cp", String.join(":", classPath.stream().map(Path::toString).toList()));
  }

  /** The Java sources among files, but those of tests. */
  static NavigableMap<String, LayerEntry> sources(NavigableMap<String, LayerEntry> entries) {
    NavigableMap<String, LayerEntry> sources = new TreeMap<>(entries);
    sources.keySet().removeIf(path -> !path.endsWith(".java") || path.startsWith("src/test/"));
    return sources;
  }

  private Interpreter javac() {
    Path javac = jdk.executable().resolveSibling("javac");
    if (!Files.isExecutable(javac)) {
      throw refused("Java at " + jdk.executable() + " has no compiler: install a JDK 25");
    }
    return new Interpreter("javac", javac, jdk.version(), jdk.abi(), jdk.folders());
  }

  private static String firstError(List<String> lines, Path folder) {
    return lines.stream()
        .filter(line -> line.contains("error:"))
        .findFirst()
        .orElse(lines.isEmpty() ? "javac said nothing" : lines.getFirst())
        .replace(folder + "/", "");
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
