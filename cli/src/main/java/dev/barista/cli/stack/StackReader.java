package dev.barista.cli.stack;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the YAML of a stack file into checked records. */
final class StackReader {

  private static final List<String> TOP_KEYS =
      List.of("version", "provider", "functions", "configuration");
  private static final List<String> PROVIDER_KEYS = List.of("name", "gateway", "network");
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
          "topic",
          "limits",
          "requests",
          "readonly_root_filesystem",
          "skip_build",
          "build_options",
          "build_args",
          "build_secrets",
          "platforms",
          "network",
          "registry_auth",
          "namespace");

  /** Once of Docker Swarm, or of builds in containers. */
  private static final List<String> WITHOUT_EFFECT =
      List.of("platforms", "build_secrets", "network", "registry_auth");

  private final StackSource source;
  private final Path folder;
  private final Faults faults;
  private final List<TemplateSource> templates = new ArrayList<>();
  private List<Path> copy = List.of();

  private StackReader(StackSource source, Faults faults) {
    this.source = source;
    this.folder = source.folder();
    this.faults = faults;
  }

  /** Throws {@link StackException} when anything is wrong. */
  static StackFile read(StackSource source, String text, Faults faults) {
    return new StackReader(source, faults).read(text);
  }

  private StackFile read(String text) {
    Optional<YamlMap> top = YamlMap.parse(text, faults);
    faults.throwIfAny();
    if (top.isEmpty()) {
      throw new StackException(
          source.shown() + ": empty (expected: version, provider and functions)");
    }
    Optional<String> gateway = header(top.get());
    List<StackFunction> functions = new ArrayList<>();
    Optional<YamlMap> named = top.get().map("functions");
    named.ifPresent(map -> map.forEachMap((name, value) -> functions.add(function(name, value))));
    if (named.isEmpty() || functions.isEmpty()) {
      faults.add(top.get().line("functions"), "functions: none (expected: at least one function)");
    }
    faults.throwIfAny();
    return new StackFile(source.shown(), gateway, functions, templates, faults.notices());
  }

  /** Everything but the functions; the gateway is what remains of it. */
  private Optional<String> header(YamlMap top) {
    top.leaveOut("x-");
    top.refuseUnknown(TOP_KEYS);
    Optional<String> version = top.text("version");
    if (version.isPresent() && !version.get().equals("1.0")) {
      String given = Printable.quoted(version.get());
      faults.unexpected(top.line("version"), "version", given, "1.0");
    }
    Optional<YamlMap> provider = top.map("provider");
    provider.ifPresent(this::checkProvider);
    top.map("configuration").ifPresent(this::readConfiguration);
    Optional<String> gateway =
        provider.flatMap(map -> map.text("gateway")).filter(url -> !url.isBlank());
    if (gateway.isPresent() && source.foreign()) {
      faults.notice(
          provider.get().line("gateway"),
          "provider.gateway: is not taken from a file of the net; name it by --gateway");
      return Optional.empty();
    }
    return gateway;
  }

  private void checkProvider(YamlMap provider) {
    provider.refuseUnknown(PROVIDER_KEYS);
    if (provider.has("network")) {
      faults.notice(provider.line("network"), "provider.network: has no effect");
    }
    Optional<String> name = provider.text("name");
    if (name.equals(Optional.of("faas"))) {
      faults.notice(provider.line("name"), "provider.name: faas is read as openfaas");
    } else if (name.isEmpty() || !name.get().equals("openfaas")) {
      String given = name.map(Printable::quoted).orElse("nothing");
      faults.unexpected(provider.line("name"), "provider.name", given, "openfaas");
    }
  }

  private void readConfiguration(YamlMap configuration) {
    configuration.refuseUnknown(CONFIGURATION_KEYS);
    for (YamlMap template : configuration.maps("templates")) {
      template.refuseUnknown(List.of("name", "source"));
      Optional<String> name = template.text("name").filter(text -> !text.isBlank());
      if (name.isEmpty()) {
        faults.add(template.line(), "configuration.templates.name: missing (expected: a template)");
      } else {
        templates.add(new TemplateSource(folder, name.get(), template.text("source")));
      }
    }
    List<Path> paths = new ArrayList<>();
    for (String text : configuration.list("copy")) {
      Path path = folder.resolve(text).normalize();
      if (!path.startsWith(folder)) {
        faults.unexpected(
            configuration.line("copy"),
            "configuration.copy",
            Printable.quoted(text),
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
    for (String key : WITHOUT_EFFECT) {
      if (map.has(key)) {
        faults.notice(map.line(key), map.path(key) + ": has no effect on functions of this host");
      }
    }
    Optional<String> language = map.text("lang");
    Optional<Path> handler = handler(map);
    if (language.isEmpty() && map.text("image").isEmpty()) {
      faults.add(
          map.line(), map.path("image") + ": missing (expected: an image, or lang and handler)");
    }
    if (language.isPresent() && handler.isEmpty() && !map.flag("skip_build")) {
      faults.add(map.line(), map.path("handler") + ": missing (expected: the folder of the code)");
    }
    return new StackFunction(
        name,
        folder,
        map.text("namespace"),
        language,
        handler,
        map.text("image").orElse(name + ":latest"),
        map.text("fprocess").filter(text -> !text.isBlank()),
        environment(map),
        map.list("constraints"),
        map.list("secrets"),
        labels(map),
        annotations(map),
        resources(map, "limits"),
        resources(map, "requests"),
        map.flag("readonly_root_filesystem"),
        map.flag("skip_build"),
        map.list("build_options"),
        map.texts("build_args"),
        copy);
  }

  private Optional<Path> handler(YamlMap map) {
    Optional<Path> handler = map.text("handler").map(text -> folder.resolve(text).normalize());
    if (source.foreign() && handler.isPresent() && !handler.get().startsWith(folder)) {
      faults.unexpected(
          map.line("handler"),
          map.path("handler"),
          Printable.quoted(map.text("handler").orElse("")),
          "a path inside the current folder, in a file of the net");
    }
    return handler;
  }

  /** {@code topic} beside the annotations is one of them: connectors look for it there. */
  private static Map<String, String> annotations(YamlMap map) {
    Map<String, String> annotations = new LinkedHashMap<>(map.texts("annotations"));
    map.text("topic").ifPresent(topic -> annotations.putIfAbsent("topic", topic));
    return annotations;
  }

  private void checkName(int line, String field, String name) {
    try {
      FunctionName checked = new FunctionName(name, FunctionName.DEFAULT_NAMESPACE);
      assert checked.name().equals(name);
    } catch (FaasException e) {
      String expected = "a-z, 0-9 and inner '-', 1 to 63 characters";
      faults.unexpected(line, field, Printable.quoted(name), expected);
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
      try {
        environment.putAll(environmentFile(source.beside(name)));
      } catch (StackException | CliException e) {
        faults.add(
            map.line("environment_file"), map.path("environment_file") + ": " + e.getMessage());
      }
    }
    return environment;
  }

  private static Map<String, String> environmentFile(StackSource file) {
    Faults faults = new Faults(file.shown());
    Optional<YamlMap> top = YamlMap.parse(file.text(), faults);
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
