package dev.barista.cli.stack;

import dev.barista.cli.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes plain values as YAML that readers of YAML 1.1 and 1.2 understand alike: a text that one of
 * them could take for something else, {@code yes} or {@code 1e3}, stands in quotes.
 */
public final class YamlText {

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/]([A-Za-z0-9._/@:+-]*[A-Za-z0-9])?");

  /** What YAML 1.1 reads as something else, in any case. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  /**
   * @param value maps, lists, texts and booleans of each other; maps keep their order
   */
  public static String of(Map<String, ?> value) {
    YamlText yaml = new YamlText();
    yaml.map(value, "");
    return yaml.text.toString();
  }

  private void map(Map<?, ?> map, String indent) {
    map.forEach(
        (key, value) -> {
          text.append(indent).append(scalar(String.valueOf(key))).append(':');
          value(value, indent);
        });
  }

  private void value(Object value, String indent) {
    if (value instanceof Map<?, ?> map) {
      text.append(map.isEmpty() ? " {}\n" : "\n");
      map(map, indent + "  ");
    } else if (value instanceof List<?> list) {
      text.append(list.isEmpty() ? " []\n" : "\n");
      list.forEach(element -> element(element, indent));
    } else {
      text.append(' ').append(scalar(value)).append('\n');
    }
  }

  /** The first key of a mapping stands behind the dash. */
  private void element(Object element, String indent) {
    if (element instanceof Map<?, ?> map && !map.isEmpty()) {
      int start = text.length();
      map(map, indent + "  ");
      text.setCharAt(start + indent.length(), '-');
    } else {
      text.append(indent).append("- ").append(scalar(element)).append('\n');
    }
  }

  private static String scalar(Object value) {
    if (value instanceof String word) {
      boolean plain =
          PLAIN.matcher(word).matches() && !WORDS.contains(word.toLowerCase(Locale.ROOT));
      return plain ? word : Json.write(word);
    }
    return String.valueOf(value);
  }
}
