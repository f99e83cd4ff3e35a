package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One build: its working folder and its steps. */
final class Build implements AutoCloseable {

  private final ImageStore store;
  private final BuildRequest request;
  private final BuildListener listener;
  private final Path work;
  private final BuildTool tool;
  private final RuntimeBuild runtime;
  private final LayerCache cache;
  private final LayerWriter writer;

  // Mutable state
  private int reused;

  Build(
      ImageStore store,
      InterpreterResolver interpreters,
      BuildSandbox sandbox,
      BuildGroups groups,
      BuildRequest request,
      BuildListener listener)
      throws IOException {
    if (!Files.isDirectory(request.handler())) {
      throw refused("handler: no folder at " + request.handler());
    }
    this.store = store;
    this.request = request;
    this.listener = listener;
    this.cache = new LayerCache(store.folder().resolve("builds"), store.blobs());
    this.writer = new LayerWriter(store.blobs(), store.temporaryFolder());
    BuildFiles files = BuildFiles.collect(request);
    this.work = Files.createTempDirectory(WorkFolders.of(store.folder()), "build");
    this.tool = tool(interpreters, sandbox, groups);
    this.runtime = runtime(files, interpreters);
  }

  /** What is made until then is closed if this fails, since then nobody else does. */
  private RuntimeBuild runtime(BuildFiles files, InterpreterResolver interpreters)
      throws IOException {
    try {
      return RuntimeBuild.of(request, files, context(interpreters));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private BuildTool tool(InterpreterResolver interpreters, BuildSandbox sandbox, BuildGroups groups)
      throws IOException {
    var environment = new ToolEnvironment(interpreters.environment());
    return new BuildTool(
        sandbox,
        groups,
        work,
        sandbox.userOf(request.reference()),
        environment.files(),
        listener,
        new BuildTool.Caps(groups.limits().time(), BuildTool.Caps.DEFAULT.bytes()));
  }

  private BuildContext context(InterpreterResolver interpreters) throws IOException {
    var environment = new ToolEnvironment(interpreters.environment());
    for (String name : environment.withheld()) {
      listener.progress(
          name
              + " holds a password and isn't shown to build tools: give it as a build argument if"
              + " all code that runs in the build may read it");
    }
    return new BuildContext(interpreters, tool, listener, environment, cache());
  }

  private Path cache() throws IOException {
    return new FunctionCaches(store.folder()).of(request.reference());
  }

  /**
   * @param reuse whether layers of earlier builds may be taken, and what their tools have kept
   */
  BuiltImage run(boolean reuse) throws IOException {
    listener.progress("Building " + request.reference() + " from " + request.template().name());
    request.template().notice().ifPresent(listener::progress);
    tellOfBuildOptions();
    if (!reuse) {
      Folders.delete(cache());
    }
    Map<String, Layer> made = new LinkedHashMap<>();
    List<Layer> layers = new ArrayList<>();
    for (RuntimeBuild.Part part : runtime.parts()) {
      Layer layer = layer(part, made, reuse);
      made.put(part.name(), layer);
      if (part.inImage()) {
        layers.add(layer);
      }
    }
    var config =
        new ImageConfig(
            store.platform(), environment(), labels(), layers.stream().map(Layer::diffId).toList());
    List<Descriptor> blobs = layers.stream().map(Layer::blob).toList();
    Descriptor manifest = store.save(request.reference(), config, blobs);
    if (Files.isDirectory(cache())) {
      new FunctionCaches(store.folder()).trim(cache(), Instant.now(), FunctionCaches.CAP_BYTES);
    }
    long bytes = blobs.stream().mapToLong(Descriptor::size).sum();
    listener.progress("Built " + request.reference() + ' ' + manifest.digest());
    return new BuiltImage(request.reference(), manifest.digest(), bytes, reused);
  }

  /** They name packages of a Linux distribution, which a container engine would install. */
  private void tellOfBuildOptions() {
    Map<String, List<String>> known = request.template().settings().buildOptions();
    for (String option : request.buildOptions()) {
      List<String> packages = known.get(option);
      if (packages == null) {
        throw FaasException.badField(
            "build_options",
            option,
            known.isEmpty()
                ? "none, since the template has none"
                : "one of the template's: " + String.join(", ", known.keySet()));
      }
      listener.progress(
          "build option "
              + option
              + " can't install on this host, which must have: "
              + String.join(", ", packages));
    }
  }

  private Layer layer(RuntimeBuild.Part part, Map<String, Layer> earlier, boolean reuse)
      throws IOException {
    Optional<Layer> known = reuse ? cache.find(part.key()) : Optional.empty();
    if (known.isPresent()) {
      reused += part.inImage() ? 1 : 0;
      listener.progress(part.name() + ": unchanged");
      return known.get();
    }
    listener.progress(part.name());
    Layer made = writer.write(part.make().entries(name -> unpacked(earlier.get(name))));
    cache.put(part.key(), made);
    return made;
  }

  private Optional<Path> unpacked(@Nullable Layer layer) throws IOException {
    return layer == null ? Optional.empty() : Optional.of(store.unpacked(layer));
  }

  private Map<String, String> environment() {
    TemplateSettings settings = request.template().settings();
    Map<String, String> environment = new LinkedHashMap<>(settings.environment());
    settings.fprocess().ifPresent(command -> environment.put("fprocess", command));
    environment.putAll(runtime.environment());
    request.fprocess().ifPresent(command -> environment.put("fprocess", command));
    return environment;
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(ImageLabels.KIND, "host");
    labels.put(ImageLabels.TEMPLATE, request.template().name());
    if (request.template().settings().listensOnSocket()) {
      labels.put(ImageLabels.SOCKET, "true");
    }
    labels.putAll(runtime.labels());
    return labels;
  }

  @Override
  public void close() throws IOException {
    tool.close();
    Folders.delete(work);
  }
}
