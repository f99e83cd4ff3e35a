package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Carries out one step of a template's {@code build} list: its script runs in a folder with the
 * step's files and leaves the layer's in {@code BARISTA_OUT}; {@code BARISTA_CACHE} is kept between
 * builds of the function.
 */
final class StepRunner {

  private final Template template;
  private final BuildStep step;
  private final BuildContext context;
  private final List<Interpreter> tools;
  private final Map<String, String> environment;

  StepRunner(
      Template template,
      BuildStep step,
      BuildContext context,
      List<Interpreter> tools,
      Map<String, String> environment) {
    this.template = template;
    this.step = step;
    this.context = context;
    this.tools = tools;
    this.environment = environment;
  }

  /**
   * @param earlier layers of the steps before
   * @param cache that the script may write
   * @throws FaasException when the script fails, with its last words
   */
  NavigableMap<String, LayerEntry> run(
      NavigableMap<String, LayerEntry> files, RuntimeBuild.Earlier earlier, Path cache)
      throws IOException {
    return run(files, earlier, cache, environment);
  }

  private NavigableMap<String, LayerEntry> run(
      NavigableMap<String, LayerEntry> files,
      RuntimeBuild.Earlier earlier,
      Path cache,
      Map<String, String> given)
      throws IOException {
    Path folder = context.tool().newStep();
    Path source = Files.createDirectory(folder.resolve("source"));
    Path out = Files.createDirectory(folder.resolve("out"));
    LayerFolder.write(files, source);
    writeNpmSettings(BuildTool.home(folder));
    FunctionCaches.open(cache);
    Map<String, String> variables = new TreeMap<>(given);
    variables.put("PATH", path());
    variables.put("BARISTA_OUT", out.toString());
    variables.put("BARISTA_CACHE", cache.toString());
    List<Path> readable = new ArrayList<>();
    tools.forEach(tool -> readable.addAll(tool.folders()));
    for (BuildStep other : template.settings().build()) {
      Optional<Path> layer = earlier.folder(other.name());
      variables.put(
          BuildStep.variable(other.name()), layer.map(Path::toString).orElse("/nonexistent"));
      layer.ifPresent(readable::add);
    }
    List<String> script = List.of("-ec", "cd source\n" + step.run().orElseThrow());
    BuildTool.Result result =
        context
            .tool()
            .run(
                ToolRun.of(Interpreter.SHELL, script, folder, variables)
                    .withReadable(readable)
                    .withWritable(List.of(cache))
                    .withTold());
    if (!result.succeeded()) {
      throw failed(result);
    }
    return LayerFolder.entries(out);
  }

  /**
   * Fills a new cache of the function with what building the skeleton leaves: compiled standard
   * libraries. That is done once for the host, by code of the template alone: without the
   * function's build arguments, which may name programs for the compiler to run.
   */
  void seed(NavigableMap<String, LayerEntry> skeleton) throws IOException {
    LayerKey key = new LayerKey("seed").addFiles(skeleton).add(step.run().orElseThrow());
    tools.forEach(tool -> key.add(tool.executable().toString()).add(tool.version()));
    FunctionCaches.seed(
        context,
        key.finish(),
        template.name() + ": compiling its libraries",
        draft -> run(skeleton, _ -> Optional.empty(), draft, context.environment().with(Map.of())));
  }

  private String path() {
    Set<String> folders = new LinkedHashSet<>();
    for (Interpreter tool : tools) {
      Path folder = tool.executable().getParent();
      if (folder != null) {
        folders.add(folder.toString());
      }
    }
    folders.addAll(List.of(ToolEnvironment.SYSTEM_PATH.split(":")));
    return String.join(":", folders);
  }

  private void writeNpmSettings(Path home) throws IOException {
    List<String> settings = new ArrayList<>(context.environment().npmSettings());
    settings.addAll(
        List.of("fund=false", "audit=false", "update-notifier=false", "progress=false"));
    Files.write(home.resolve(".npmrc"), settings, UTF_8);
  }

  private FaasException failed(BuildTool.Result result) {
    String last =
        result.lastLines().stream()
            .filter(line -> !line.isBlank())
            .reduce((_, second) -> second)
            .orElse("it said nothing");
    return refused(
        "step "
            + step.name()
            + " of template "
            + template.name()
            + " failed with exit status "
            + result.status()
            + ": "
            + last);
  }
}
