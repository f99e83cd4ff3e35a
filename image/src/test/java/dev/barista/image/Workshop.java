package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A data folder, a project folder, and builds in them. */
final class Workshop {

  final Path data;
  final Path project;
  final ImageStore store;
  final InterpreterResolver interpreters;
  final List<String> progress = new ArrayList<>();

  Workshop(Path folder) throws IOException {
    this(folder, Map.of());
  }

  /**
   * @param environment added to this process's own, as the platform's
   */
  Workshop(Path folder, Map<String, String> environment) throws IOException {
    this.data = Files.createDirectories(folder.resolve("data"));
    this.project = Files.createDirectories(folder.resolve("project"));
    Map<String, String> all = new TreeMap<>(System.getenv());
    all.putAll(environment);
    this.store = ImageStore.open(data);
    this.interpreters = new InterpreterResolver(data, all);
  }

  /** Writes a handler's files: path, content, path, content … */
  Path handler(String name, String... files) throws IOException {
    Path folder = Files.createDirectories(project.resolve(name));
    for (int i = 0; i < files.length; i += 2) {
      Path file = folder.resolve(files[i]);
      Files.createDirectories(file.getParent());
      Files.write(file, files[i + 1].getBytes(UTF_8));
    }
    return folder;
  }

  BuiltImage build(String template, String name, String... files) throws IOException {
    return build(template, handler(name, files), name);
  }

  BuiltImage build(String template, Path handler, String reference) throws IOException {
    var request =
        BuildRequest.of(
            ImageReference.parse(reference), new Templates(project).find(template), handler);
    return build(request);
  }

  BuiltImage build(BuildRequest request) throws IOException {
    progress.clear();
    try (var builder = new ImageBuilder(store, interpreters, unbounded())) {
      return builder.build(request, progress::add);
    }
  }

  /** Groups that hold nobody, wherever the test runs. */
  static BuildGroups unbounded() {
    return BuildGroups.among(
        Cgroups.none("for a test"), new BuildLimits(Long.MAX_VALUE, BuildLimits.TIME));
  }

  /** A build of an otherwise plain function with one build argument. */
  static BuildRequest withArgument(
      String template, Path handler, String reference, String name, String value)
      throws IOException {
    return new BuildRequest(
        ImageReference.parse(reference),
        new Templates(handler).find(template),
        handler,
        Optional.empty(),
        List.of(),
        Map.of(name, value),
        List.of());
  }

  /** What the template's own skeleton answers to {@code hi}. */
  String skeletonAnswer(String template) throws IOException, InterruptedException {
    build(template, handler("skeleton-" + template), template);
    if ("classic".equals(store.resolve(template).environment().get("mode"))) {
      return call(template, "hi").output();
    }
    try (var function = start(template, Map.of())) {
      return function.post("hi").text();
    }
  }

  /** How a process ended, and what it printed. */
  record Ended(int status, String output) {}

  /** One call of an image of mode classic, as the watchdog would do it. */
  Ended call(String reference, String body) throws IOException, InterruptedException {
    HostImage image = store.resolve(reference);
    List<String> command =
        new ArrayList<>(List.of(image.environment().getOrDefault("fprocess", "").split(" ")));
    String program = command.getFirst();
    command.set(
        0,
        program.startsWith("./")
            ? image.rootFolder().resolve(program).toString()
            : interpreters.resolve(image, program, i -> true).executable().toString());
    var builder =
        new ProcessBuilder(command)
            .directory(image.rootFolder().toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(image.environment());
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(body.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /** Starts the image's server as a provider would, at no isolation. */
  RunningFunction start(String reference, Map<String, String> environment) throws IOException {
    return RunningFunction.start(store.resolve(reference), interpreters, environment, data);
  }
}
