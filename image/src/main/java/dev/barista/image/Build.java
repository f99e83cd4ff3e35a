package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One build: its working folder and its steps. */
final class Build implements AutoCloseable {

  private final ImageStore store;
  private final BuildRequest request;
  private final BuildListener listener;
  private final Path work;
  private final RuntimeBuild runtime;
  private final LayerCache cache;
  private final LayerWriter writer;

  // Mutable state
  private int reused;

  Build(
      ImageStore store,
      InterpreterResolver interpreters,
      BuildRequest request,
      BuildListener listener)
      throws IOException {
    if (!Files.isDirectory(request.handler())) {
      throw new FaasException(
          ErrorCode.BAD_REQUEST, "image", "handler: no folder at " + request.handler());
    }
    this.store = store;
    this.request = request;
    this.listener = listener;
    this.cache = new LayerCache(store.folder().resolve("builds"), store.blobs());
    this.writer = new LayerWriter(store.blobs(), store.temporaryFolder());
    BuildFiles files = BuildFiles.collect(request);
    this.work = Files.createTempDirectory(store.temporaryFolder(), "build");
    this.runtime = RuntimeBuild.of(request, files, context(interpreters));
  }

  private BuildContext context(InterpreterResolver interpreters) throws IOException {
    BuildSandbox sandbox = BuildSandbox.detect(store.folder(), interpreters.environment());
    var tool = new BuildTool(sandbox, work, listener, BuildTool.Caps.DEFAULT);
    return new BuildContext(interpreters, work, tool, listener, interpreters.environment());
  }

  BuiltImage run() throws IOException {
    listener.progress("Building " + request.reference() + " from " + request.template().name());
    List<Layer> layers = new ArrayList<>();
    for (RuntimeBuild.Part part : runtime.parts()) {
      layers.add(layer(part));
    }
    var config =
        new ImageConfig(
            store.platform(), environment(), labels(), layers.stream().map(Layer::diffId).toList());
    List<Descriptor> blobs = layers.stream().map(Layer::blob).toList();
    Descriptor manifest = store.save(request.reference(), config, blobs);
    long bytes = blobs.stream().mapToLong(Descriptor::size).sum();
    listener.progress("Built " + request.reference() + ' ' + manifest.digest());
    return new BuiltImage(request.reference(), manifest.digest(), bytes, reused);
  }

  private Layer layer(RuntimeBuild.Part part) throws IOException {
    Optional<Layer> known = cache.find(part.key());
    if (known.isPresent()) {
      reused++;
      listener.progress(part.name() + ": unchanged");
      return known.get();
    }
    listener.progress(part.name());
    Layer made = writer.write(part.make().entries());
    cache.put(part.key(), made);
    return made;
  }

  private Map<String, String> environment() {
    Map<String, String> environment =
        new LinkedHashMap<>(request.template().settings().environment());
    environment.putAll(runtime.environment());
    request
        .fprocess()
        .or(request.template().settings()::fprocess)
        .ifPresent(command -> environment.put("fprocess", command));
    return environment;
  }

  private Map<String, String> labels() throws IOException {
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
    Folders.delete(work);
  }
}
