package dev.barista.image;

import dev.barista.api.FaasException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the {@code build} list of a {@code template.yml}. Every fault has its field's name. */
final class BuildStepYaml {

  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "when",
          "containing",
          "unless",
          "files",
          "tools",
          "run",
          "layer",
          "bound",
          "cache");

  private final String template;

  private BuildStepYaml(String template) {
    this.template = template;
  }

  static List<BuildStep> read(String template, @Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    var reader = new BuildStepYaml(template);
    if (!(value instanceof List<?> list)) {
      throw reader.bad("build", value, "a list of steps");
    }
    List<BuildStep> steps = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> map)) {
        throw reader.bad("build", item, "a step with name and run");
      }
      steps.add(reader.step(map));
    }
    return steps;
  }

  private BuildStep step(Map<?, ?> map) {
    for (Object key : map.keySet()) {
      if (!FIELDS.contains(String.valueOf(key))) {
        throw bad(
            "build",
            key,
            "a field of a step: " + String.join(", ", FIELDS.stream().sorted().toList()));
      }
    }
    Object name = map.get("name");
    if (!(name instanceof String text) || !text.matches("[A-Za-z][A-Za-z0-9 _-]{0,40}")) {
      throw bad("build.name", name, "letters, digits, spaces");
    }
    return new BuildStep(
        text,
        texts("when", map),
        containing(map.get("containing")),
        values(map.get("unless")),
        texts("files", map),
        texts("tools", map),
        Optional.ofNullable(map.get("run")).map(String::valueOf),
        !Boolean.FALSE.equals(map.get("layer")),
        Boolean.TRUE.equals(map.get("bound")),
        seeded(map.get("cache")));
  }

  private boolean seeded(@Nullable Object value) {
    if (value != null && !value.equals("seeded")) {
      throw bad("build.cache", value, "seeded");
    }
    return value != null;
  }

  private Optional<Pattern> containing(@Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Pattern.compile(String.valueOf(value)));
    } catch (PatternSyntaxException e) {
      throw bad("build.containing", value, "a regular expression");
    }
  }

  private List<String> texts(String field, Map<?, ?> map) {
    Object value = map.get(field);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw bad("build." + field, value, "a list");
    }
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(String.valueOf(item)));
    return texts;
  }

  private Map<String, String> values(@Nullable Object value) {
    Map<String, String> values = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> values.put(String.valueOf(key), String.valueOf(item)));
    } else if (value != null) {
      throw bad("build.unless", value, "build arguments with values");
    }
    return values;
  }

  private FaasException bad(String field, @Nullable Object value, String expected) {
    return FaasException.badField(
        field + " of template " + template, String.valueOf(value), expected);
  }
}
