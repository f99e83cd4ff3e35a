package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A template that says itself how it is built: the steps of its {@code build} list, each a layer.
 * The built-in languages but Python and Java are such templates, and so may be anybody's own.
 */
final class StepsBuild implements RuntimeBuild {

  private final BuildRequest request;
  private final BuildContext context;
  private final NavigableMap<String, LayerEntry> files;
  private final NavigableMap<String, LayerEntry> skeleton;
  private final List<BuildStep> steps;
  private final Optional<String> runtime;

  // Mutable state
  private final List<String> keys = new ArrayList<>();
  private boolean bound;

  StepsBuild(BuildRequest request, BuildFiles all, BuildContext context) {
    this.request = request;
    this.context = context;
    this.files = new TreeMap<>(all.template());
    this.files.putAll(all.handler());
    this.skeleton = new TreeMap<>();
    request
        .template()
        .files()
        .forEach((path, file) -> skeleton.put(path, new LayerEntry.InMemory(file)));
    this.steps = request.template().settings().build();
    this.runtime =
        request.template().settings().program().filter(program -> !program.contains("/"));
  }

  @Override
  public List<Part> parts() throws IOException {
    runtime.ifPresent(program -> context.interpreters().resolve(program));
    List<Part> parts = new ArrayList<>();
    for (BuildStep step : steps) {
      if (isWanted(step)) {
        parts.add(part(step));
        bound |= step.bound();
      }
    }
    return parts;
  }

  private Part part(BuildStep step) throws IOException {
    NavigableMap<String, LayerEntry> seen = seen(step, files);
    if (step.run().isEmpty()) {
      String key = new LayerKey("files").addFiles(seen).finish();
      keys.add(key);
      return new Part(step.name(), key, step.layer(), _ -> seen);
    }
    List<Interpreter> tools = tools(step);
    Map<String, String> environment = context.environment().with(request.buildArgs());
    LayerKey key = new LayerKey("step").add(step.run().get()).addFiles(seen);
    tools.forEach(tool -> key.add(tool.executable().toString()).add(tool.version()));
    key.add(new TreeMap<>(environment));
    keys.forEach(key::add);
    String digest = key.finish();
    keys.add(digest);
    var runner = new StepRunner(request.template(), step, context, tools, environment);
    return new Part(
        step.name(),
        digest,
        step.layer(),
        earlier -> {
          if (step.seeded()) {
            runner.seed(seen(step, skeleton));
          }
          return runner.run(seen, earlier, context.cache());
        });
  }

  private static NavigableMap<String, LayerEntry> seen(
      BuildStep step, NavigableMap<String, LayerEntry> files) {
    NavigableMap<String, LayerEntry> seen = new TreeMap<>(files);
    if (!step.files().isEmpty()) {
      seen.keySet().removeIf(path -> !step.files().contains(path));
    }
    return seen;
  }

  private boolean isWanted(BuildStep step) throws IOException {
    for (Map.Entry<String, String> argument : step.unless().entrySet()) {
      if (argument.getValue().equals(request.buildArgs().get(argument.getKey()))) {
        return false;
      }
    }
    if (step.when().isEmpty()) {
      return true;
    }
    for (String path : step.when()) {
      LayerEntry entry = files.get(path);
      if (entry != null && (step.containing().isEmpty() || contains(entry, step))) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(LayerEntry entry, BuildStep step) throws IOException {
    return step.containing().orElseThrow().matcher(entry.text()).find();
  }

  /** One that other users can read is preferred: functions may run under another user. */
  private List<Interpreter> tools(BuildStep step) {
    List<Interpreter> tools = new ArrayList<>();
    for (String name : step.tools()) {
      tools.add(
          context
              .interpreters()
              .find(name, InterpreterResolver::isReadableByOthers)
              .orElseGet(() -> resolved(name)));
    }
    return tools;
  }

  private Interpreter resolved(String tool) {
    try {
      return context.interpreters().resolve(tool);
    } catch (FaasException e) {
      throw new FaasException(
          ErrorCode.BAD_REQUEST,
          "image",
          "template " + request.template().name() + ": " + e.getMessage(),
          null,
          e);
    }
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    runtime.ifPresent(program -> labels.put(ImageLabels.RUNTIME, program));
    if (bound && runtime.isPresent()) {
      context
          .interpreters()
          .resolve(runtime.get())
          .abi()
          .ifPresent(abi -> labels.put(ImageLabels.ABI, abi));
    }
    return labels;
  }
}
