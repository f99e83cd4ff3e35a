package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

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
  private static final String PACKAGES_PART = "Packages";

  private static final String HAS_PIP =
      "import sys, importlib.util as u; sys.exit(0 if u.find_spec('pip') else 3)";

  private final BuildFiles files;
  private final String handlerRequirements;
  private final NavigableMap<String, LayerEntry> requirements;
  private final Interpreter interpreter;
  private final BuildTool tool;
  private final BuildListener listener;
  private final Map<String, String> environment;
  private final PythonTests tests;

  PythonBuild(BuildRequest request, BuildFiles files, BuildContext context) throws IOException {
    this.files = files;
    this.handlerRequirements = request.template().settings().handlerPrefix() + REQUIREMENTS;
    this.tool = context.tool();
    this.listener = context.listener();
    this.environment = context.environment().with(request.buildArgs());
    this.requirements = requirements();
    String program = request.template().settings().program().orElse("python3");
    this.interpreter =
        requirements.isEmpty()
            ? context.interpreters().resolve(program)
            : installer(program, context.interpreters());
    this.tests = new PythonTests(request, files, interpreter, context);
  }

  @Override
  public List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    LayerKey testKey = key("python-tests");
    parts.add(compiled("Template", files.template()));
    if (!requirements.isEmpty()) {
      String key = key("python-packages").addFiles(requirements).add(pipVariables()).finish();
      parts.add(new Part(PACKAGES_PART, key, _ -> packages()));
      testKey.add(key);
    }
    if (tests.areWanted()) {
      parts.add(tests.part(testKey, PACKAGES_PART));
    }
    parts.add(compiled("Handler", files.handler()));
    return parts;
  }

  @Override
  public Map<String, String> environment() {
    boolean ownServer = files.template().containsKey("_barista/start.py");
    // A foreign template's server doesn't know where packages are; relative to the working folder.
    return ownServer || requirements.isEmpty() ? Map.of() : Map.of("PYTHONPATH", PACKAGES);
  }

  @Override
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(ImageLabels.RUNTIME, "python3");
    if (!requirements.isEmpty()) {
      interpreter.abi().ifPresent(abi -> labels.put(ImageLabels.ABI, abi));
    }
    return labels;
  }

  /**
   * Packages bind the image to one version of Python, so one is preferred that functions can use
   * under every isolation.
   */
  private Interpreter installer(String program, InterpreterResolver interpreters)
      throws IOException {
    Interpreter first = interpreters.resolve(program);
    Interpreter open =
        InterpreterResolver.isReadableByOthers(first)
            ? first
            : interpreters.find(program, InterpreterResolver::isReadableByOthers).orElse(first);
    for (Interpreter candidate : List.of(open, first)) {
      List<String> question = List.of("-c", HAS_PIP);
      if (tool.run(ToolRun.of(candidate, question, tool.newStep(), Map.of())).succeeded()) {
        return candidate;
      }
    }
    throw refused(PipFailure.NO_PIP);
  }

  private LayerKey key(String kind) {
    return new LayerKey(kind).add(interpreter.version()).add(interpreter.abi().orElse(""));
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
    return entry
        .text()
        .lines()
        .map(String::strip)
        .anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
  }

  private NavigableMap<String, LayerEntry> packages() throws IOException {
    Path step = tool.newStep();
    Path target = Files.createDirectories(step.resolve("packages").resolve(PACKAGES));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-m", "pip", "install"));
    command.addAll(List.of("--no-compile", "--no-cache-dir", "--disable-pip-version-check"));
    command.addAll(List.of("--root-user-action", "ignore", "--progress-bar", "off"));
    command.addAll(List.of("--target", target.toString()));
    int number = 0;
    for (LayerEntry entry : requirements.values()) {
      Path copy = step.resolve("requirements" + number++ + ".txt");
      try (InputStream in = entry.open()) {
        Files.copy(in, copy);
      }
      command.addAll(List.of("-r", copy.toString()));
    }
    BuildTool.Result result =
        tool.run(ToolRun.of(interpreter, command, step, environment).withTold());
    if (!result.succeeded()) {
      throw refused(PipFailure.sentence(result.lastLines()));
    }
    compile(step, "packages", /* told= */ false);
    return LayerFolder.entries(step.resolve("packages"));
  }

  private Part compiled(String name, NavigableMap<String, LayerEntry> entries) throws IOException {
    String key = key("python-compiled").addFiles(entries).finish();
    return new Part(
        name,
        key,
        _ -> {
          Path step = tool.newStep();
          LayerFolder.write(entries, Files.createDirectory(step.resolve("files")));
          compile(step, "files", /* told= */ true);
          return LayerFolder.entries(step.resolve("files"));
        });
  }

  /** A module that can't be compiled fails when it is imported, so here it is told only. */
  private void compile(Path step, String folder, boolean told) throws IOException {
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
            step.resolve(folder).toString());
    Map<String, String> fixed = Map.of("PYTHONHASHSEED", "0", "LC_ALL", "C.UTF-8");
    BuildTool.Result result = tool.run(ToolRun.of(interpreter, command, step, fixed));
    if (!result.succeeded() && told) {
      result.lastLines().forEach(listener::progress);
    }
  }
}
