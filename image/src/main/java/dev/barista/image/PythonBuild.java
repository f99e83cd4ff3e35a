package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Python: packages by pip into {@code python/}, modules compiled beforehand. The image is read-only
 * at run time, so what is not compiled here would be compiled anew in every cold start.
 */
final class PythonBuild implements RuntimeBuild {

  private static final String REQUIREMENTS = "requirements.txt";
  private static final String PACKAGES = "python";

  private final BuildFiles files;
  private final String handlerRequirements;
  private final Interpreter interpreter;
  private final Interpreter installer;
  private final Path work;
  private final BuildTool tool;
  private final BuildListener listener;
  private final Map<String, String> environment;

  PythonBuild(BuildRequest request, BuildFiles files, BuildContext context) {
    String folder = request.template().settings().handlerFolder();
    this.files = files;
    this.handlerRequirements = folder.isEmpty() ? REQUIREMENTS : folder + '/' + REQUIREMENTS;
    String program = request.template().settings().program().orElse("python3");
    this.interpreter = context.interpreters().resolve(program);
    this.installer = interpreter;
    this.work = context.work();
    this.tool = context.tool();
    this.listener = context.listener();
    this.environment = context.toolEnvironment("PIP_", request.buildArgs());
  }

  @Override
  public List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    parts.add(compiled("Template", files.template()));
    NavigableMap<String, LayerEntry> requirements = requirements();
    if (!requirements.isEmpty()) {
      String key = key("python-packages").addFiles(requirements).add(pipVariables()).finish();
      parts.add(new Part("Packages", key, () -> packages(requirements)));
    }
    parts.add(compiled("Handler", files.handler()));
    return parts;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public Map<String, String> labels() throws IOException {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(ImageLabels.RUNTIME, "python3");
    if (!requirements().isEmpty()) {
      installer.abi().ifPresent(abi -> labels.put(ImageLabels.ABI, abi));
    }
    return labels;
  }

  private LayerKey key(String kind) {
    return new LayerKey(kind).add(installer.version()).add(installer.abi().orElse(""));
  }

  private Map<String, String> pipVariables() {
    Map<String, String> variables = new TreeMap<>(environment);
    variables.keySet().removeIf(name -> !name.startsWith("PIP_"));
    return variables;
  }

  /** The files that name at least one package. */
  private NavigableMap<String, LayerEntry> requirements() throws IOException {
    NavigableMap<String, LayerEntry> requirements = new TreeMap<>();
    for (String path : List.of(REQUIREMENTS, handlerRequirements)) {
      LayerEntry entry = files.handler().getOrDefault(path, files.template().get(path));
      if (entry != null && namesPackages(entry)) {
        requirements.put(path, entry);
      }
    }
    return requirements;
  }

  private static boolean namesPackages(LayerEntry entry) throws IOException {
    try (InputStream in = entry.open()) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(String::strip)
          .anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
    }
  }

  private NavigableMap<String, LayerEntry> packages(NavigableMap<String, LayerEntry> requirements)
      throws IOException {
    Path target = Files.createDirectories(work.resolve("packages").resolve(PACKAGES));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-m", "pip", "install"));
    command.addAll(List.of("--no-compile", "--no-cache-dir", "--disable-pip-version-check"));
    command.addAll(List.of("--root-user-action", "ignore", "--progress-bar", "off"));
    command.addAll(List.of("--target", target.toString()));
    int number = 0;
    for (LayerEntry entry : requirements.values()) {
      Path copy = work.resolve("requirements" + number++ + ".txt");
      try (InputStream in = entry.open()) {
        Files.copy(in, copy);
      }
      command.addAll(List.of("-r", copy.toString()));
    }
    BuildTool.Result result = tool.run(installer, command, environment, /* told= */ true);
    if (!result.succeeded()) {
      throw new FaasException(
          ErrorCode.BAD_REQUEST, "image", PipFailure.sentence(result.lastLines()));
    }
    compile(work.resolve("packages"), /* told= */ false);
    return LayerFolder.entries(work.resolve("packages"));
  }

  private Part compiled(String name, NavigableMap<String, LayerEntry> entries) throws IOException {
    String key = key("python-compiled").addFiles(entries).finish();
    return new Part(
        name,
        key,
        () -> {
          Path folder = Files.createDirectory(work.resolve(name));
          LayerFolder.write(entries, folder);
          compile(folder, /* told= */ true);
          return LayerFolder.entries(folder);
        });
  }

  /** A module that can't be compiled fails when it is imported, so here it is told only. */
  private void compile(Path folder, boolean told) throws IOException {
    List<String> command =
        List.of(
            "-I",
            "-S",
            "-m",
            "compileall",
            "-q",
            "-f",
            "-d",
            "/home/app",
            "--invalidation-mode",
            "unchecked-hash",
            folder.toString());
    BuildTool.Result result =
        tool.run(
            interpreter,
            command,
            Map.of("PYTHONHASHSEED", "0", "LC_ALL", "C.UTF-8"),
            /* told= */ false);
    if (!result.succeeded() && told) {
      result.lastLines().forEach(listener::progress);
    }
  }
}
