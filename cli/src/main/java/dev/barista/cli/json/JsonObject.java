package dev.barista.cli.json;

import static java.util.Collections.unmodifiableMap;

import dev.barista.api.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An object of a JSON text. What is absent, null or of another kind than asked for counts as
 * absent, since gateways of other versions leave fields out.
 *
 * @param members values are {@code String}, {@code Number}, {@code Boolean}, {@code JsonObject} or
 *     {@code List} of these; never null
 */
public record JsonObject(Map<String, Object> members) {

  public JsonObject {
    members = unmodifiableMap(new LinkedHashMap<>(members));
  }

  public static final JsonObject EMPTY = new JsonObject(Map.of());

  public Optional<String> text(String key) {
    Object value = members.get(key);
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A text as a line of a terminal may show it; empty when absent. */
  public String shown(String key) {
    return Printable.line(text(key).orElse(""));
  }

  public OptionalDouble number(String key) {
    Object value = members.get(key);
    return value instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** 0 when absent: gateways omit a count of zero. */
  public long count(String key) {
    return Math.round(number(key).orElse(0));
  }

  public boolean flag(String key) {
    return Boolean.TRUE.equals(members.get(key));
  }

  public JsonObject object(String key) {
    return members.get(key) instanceof JsonObject object ? object : EMPTY;
  }

  /** The objects of a list; other elements are left out. */
  public List<JsonObject> objects(String key) {
    return elements(key, JsonObject.class);
  }

  public List<String> texts(String key) {
    return elements(key, String.class);
  }

  private <T> List<T> elements(String key, Class<T> type) {
    List<T> result = new ArrayList<>();
    if (members.get(key) instanceof List<?> list) {
      for (Object element : list) {
        if (type.isInstance(element)) {
          result.add(type.cast(element));
        }
      }
    }
    return result;
  }
}
