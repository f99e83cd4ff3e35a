package dev.barista.cli.stack;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns the YAML of a stack file into checked records. */
final class StackReader {

  private static final List<String> TOP_KEYS =
      List.of("version", "provider", "functions", "configuration");
  private static final List<String> PROVIDER_KEYS = List.of("name", "gateway");
  private static final List<String> CONFIGURATION_KEYS = List.of("templates", "copy");
  private static final List<String> RESOURCE_KEYS = List.of("memory", "cpu");
  private static final List<String> FUNCTION_KEYS =
      List.of(
          "lang",
          "handler",
          "image",
          "fprocess",
          "environment",
          "environment_file",
          "secrets",
          "constraints",
          "labels",
          "label",
          "annotations",
          "limits",
          "requests",
          "readonly_root_filesystem",
          "skip_build",
          "build_options",
          "build_args",
          "build_secrets",
          "platforms",
          "namespace");

  private final Path folder;
  private final Faults faults;
  private List<Path> copy = List.of();

  private StackReader(Path folder, Faults faults) {
    this.folder = folder;
    this.faults = faults;
  }

  /** Throws {@link StackException} when anything is wrong. */
  static StackFile read(Path file, String text, Faults faults) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return new StackReader(parent == null ? Path.of("/") : parent, faults).read(file, text);
  }

  private StackFile read(Path file, String text) {
    Optional<YamlMap> top = YamlMap.parse(text, faults);
    faults.throwIfAny();
    if (top.isEmpty()) {
      throw new StackException(file + ": empty (expected: version, provider and functions)");
    }
    Optional<String> gateway = header(top.get());
    List<StackFunction> functions = new ArrayList<>();
    Optional<YamlMap> named = top.get().map("functions");
    named.ifPresent(map -> map.forEachMap((name, value) -> functions.add(function(name, value))));
    if (named.isEmpty() || functions.isEmpty()) {
      faults.add(top.get().line("functions"), "functions: none (expected: at least one function)");
    }
    faults.throwIfAny();
    return new StackFile(file, gateway, functions, faults.notices());
  }

  /** Everything but the functions; the gateway is what remains of it. */
  private Optional<String> header(YamlMap top) {
    top.refuseUnknown(TOP_KEYS);
    Optional<String> version = top.text("version");
    if (version.isPresent() && !version.get().equals("1.0")) {
      String given = YamlMap.quoted(version.get());
      faults.unexpected(top.line("version"), "version", given, "1.0");
    }
    Optional<YamlMap> provider = top.map("provider");
    provider.ifPresent(this::checkProvider);
    top.map("configuration").ifPresent(this::readConfiguration);
    return provider.flatMap(map -> map.text("gateway")).filter(url -> !url.isBlank());
  }

  private void checkProvider(YamlMap provider) {
    provider.refuseUnknown(PROVIDER_KEYS);
    Optional<String> name = provider.text("name");
    if (name.isEmpty() || !name.get().equals("openfaas")) {
      String given = name.map(YamlMap::quoted).orElse("nothing");
      faults.unexpected(provider.line("name"), "provider.name", given, "openfaas");
    }
  }

  private void readConfiguration(YamlMap configuration) {
    configuration.refuseUnknown(CONFIGURATION_KEYS);
    for (YamlMap template : configuration.maps("templates")) {
      template.refuseUnknown(List.of("name", "source"));
      faults.notice(
          template.line(),
          "configuration.templates: "
              + template.text("name").orElse("")
              + " is not fetched; Barista's own templates are used");
    }
    List<Path> paths = new ArrayList<>();
    for (String text : configuration.list("copy")) {
      Path path = folder.resolve(text).normalize();
      if (!path.startsWith(folder)) {
        faults.unexpected(
            configuration.line("copy"),
            "configuration.copy",
            YamlMap.quoted(text),
            "a path inside the folder of the file");
      }
      paths.add(path);
    }
    copy = List.copyOf(paths);
  }

  private StackFunction function(String name, YamlMap map) {
    checkName(map.line(), "functions", name);
    map.refuseUnknown(FUNCTION_KEYS);
    map.text("namespace")
        .ifPresent(text -> checkName(map.line("namespace"), map.path("namespace"), text));
    if (map.has("platforms") || map.has("build_secrets")) {
      String key = map.has("platforms") ? "platforms" : "build_secrets";
      faults.notice(map.line(key), map.path(key) + ": has no effect on images of this host");
    }
    Optional<String> language = map.text("lang").map(text -> text.toLowerCase(Locale.ROOT));
    Optional<String> handler = map.text("handler");
    if (language.isEmpty() && map.text("image").isEmpty()) {
      faults.add(
          map.line(), map.path("image") + ": missing (expected: an image, or lang and handler)");
    }
    if (language.isPresent() && handler.isEmpty() && !map.flag("skip_build")) {
      faults.add(map.line(), map.path("handler") + ": missing (expected: the folder of the code)");
    }
    return new StackFunction(
        name,
        map.text("namespace"),
        language,
        handler.map(text -> folder.resolve(text).normalize()),
        map.text("image").orElse(name + ":latest"),
        map.text("fprocess").filter(text -> !text.isBlank()),
        environment(map),
        map.list("constraints"),
        map.list("secrets"),
        labels(map),
        map.texts("annotations"),
        resources(map, "limits"),
        resources(map, "requests"),
        map.flag("readonly_root_filesystem"),
        map.flag("skip_build"),
        map.list("build_options"),
        map.texts("build_args"),
        copy);
  }

  private void checkName(int line, String field, String name) {
    try {
      FunctionName checked = new FunctionName(name, FunctionName.DEFAULT_NAMESPACE);
      assert checked.name().equals(name);
    } catch (FaasException e) {
      String expected = "a-z, 0-9 and inner '-', 1 to 63 characters";
      faults.unexpected(line, field, YamlMap.quoted(name), expected);
    }
  }

  /** {@code label} is read as {@code labels}: old tutorials have it, and OpenFaaS drops it. */
  private Map<String, String> labels(YamlMap map) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (map.has("label")) {
      faults.notice(map.line("label"), map.path("label") + ": read as labels");
      labels.putAll(map.texts("label"));
    }
    labels.putAll(map.texts("labels"));
    return labels;
  }

  private Map<String, String> environment(YamlMap map) {
    Map<String, String> environment = new LinkedHashMap<>(map.texts("environment"));
    for (String name : map.list("environment_file")) {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file)) {
        faults.add(
            map.line("environment_file"), map.path("environment_file") + ": no file " + file);
        continue;
      }
      environment.putAll(environmentFile(file));
    }
    return environment;
  }

  private static Map<String, String> environmentFile(Path file) {
    Faults faults = new Faults(file.toString());
    Optional<YamlMap> top = YamlMap.parse(StackFile.content(file), faults);
    Map<String, String> values = new LinkedHashMap<>();
    top.ifPresent(
        map -> {
          map.refuseUnknown(List.of("environment"));
          values.putAll(map.texts("environment"));
        });
    faults.throwIfAny();
    return values;
  }

  private Resources resources(YamlMap function, String key) {
    Optional<YamlMap> map = function.map(key);
    if (map.isEmpty()) {
      return Resources.NONE;
    }
    map.get().refuseUnknown(RESOURCE_KEYS);
    try {
      return Resources.of(
          function.path(key),
          map.get().text("memory").orElse(null),
          map.get().text("cpu").orElse(null));
    } catch (FaasException e) {
      faults.add(map.get().line(), e.getMessage());
      return Resources.NONE;
    }
  }
}
