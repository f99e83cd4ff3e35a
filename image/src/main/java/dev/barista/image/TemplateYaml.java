package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads {@code template.yml}: OpenFaaS's fields, and {@code environment}, {@code socket} and {@code
 * build} of our own. A template made for a container engine says the rest in its Dockerfile's
 * {@code ENV} lines.
 */
final class TemplateYaml {

  private TemplateYaml() {}

  static TemplateSettings read(String name, byte[] yaml, NavigableMap<String, TemplateFile> files) {
    Map<?, ?> root = parse(name, yaml);
    Map<String, String> environment = new LinkedHashMap<>();
    TemplateFile dockerfile = files.get("Dockerfile");
    if (dockerfile != null) {
      environment.putAll(Dockerfile.parse(new String(dockerfile.content(), UTF_8)).environment());
    }
    if (root.get("environment") instanceof Map<?, ?> own) {
      own.forEach((key, value) -> environment.put(String.valueOf(key), String.valueOf(value)));
    }
    Optional<String> fprocess =
        text(root.get("fprocess")).or(() -> Optional.ofNullable(environment.get("fprocess")));
    environment.remove("fprocess");
    return new TemplateSettings(
        text(root.get("language")).orElse(name),
        fprocess,
        text(root.get("welcome_message")).orElse("").strip(),
        handlerFolder(name, root),
        buildOptions(root.get("build_options")),
        environment,
        Boolean.TRUE.equals(root.get("socket")),
        BuildStepYaml.read(name, root.get("build")));
  }

  private static Map<?, ?> parse(String name, byte[] yaml) {
    LoadSettings settings = LoadSettings.builder().setLabel("template.yml of " + name).build();
    try {
      return new Load(settings).loadFromString(new String(yaml, UTF_8)) instanceof Map<?, ?> map
          ? map
          : Map.of();
    } catch (YamlEngineException | StackOverflowError e) {
      // The parser is recursive and sets no bound of its own; templates come from strangers.
      throw new FaasException(
          ErrorCode.BAD_REQUEST,
          "image",
          "template.yml of template " + name + " isn't YAML",
          null,
          e);
    }
  }

  private static String handlerFolder(String name, Map<?, ?> root) {
    if (name.equals("dockerfile")) {
      return "";
    }
    String folder = text(root.get("handler_folder")).orElse("function");
    String trimmed = folder.replaceFirst("^(\\./)+", "").replaceFirst("/+$", "");
    if (trimmed.startsWith("/") || List.of(trimmed.split("/")).contains("..")) {
      throw FaasException.badField(
          "handler_folder of template " + name, folder, "a folder inside the template");
    }
    return trimmed.equals(".") ? "" : trimmed;
  }

  private static Map<String, List<String>> buildOptions(@Nullable Object value) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> option && option.get("packages") instanceof List<?> names) {
          List<String> packages = new ArrayList<>();
          names.forEach(packageName -> packages.add(String.valueOf(packageName)));
          options.put(String.valueOf(option.get("name")), packages);
        }
      }
    }
    return options;
  }

  private static Optional<String> text(@Nullable Object value) {
    return value == null ? Optional.empty() : Optional.of(String.valueOf(value));
  }
}
