package dev.barista.autoscaler.policy;

import dev.barista.api.FaasException;
import dev.barista.concurrency.GoDuration;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A function's labels or annotations, read as values. Each getter throws {@code BAD_REQUEST} with
 * the key, what was given and what is expected. Immutable.
 */
public final class SettingMap {

  private final String field;
  private final Map<String, String> values;

  /**
   * @param field as in the deployment's JSON: {@code labels} or {@code annotations}
   */
  public SettingMap(String field, Map<String, String> values) {
    this.field = field;
    this.values = values;
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The key's value or, where that is absent, that of its older spelling. */
  Setting either(String key, String alias) {
    return values.containsKey(key) || !values.containsKey(alias) ? of(key) : of(alias);
  }

  public Setting of(String key) {
    return new Setting(key);
  }

  /** Whether any key begins so. */
  boolean anyWith(String prefix) {
    return values.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  /** One key and what it is set to. */
  public final class Setting {

    private final String key;

    private Setting(String key) {
      this.key = key;
    }

    boolean given() {
      return values.containsKey(key);
    }

    /** Where a person finds it: {@code labels.com.openfaas.scale.max}. */
    String path() {
      return field + "." + key;
    }

    FaasException bad(String expected) {
      return FaasException.badField(path(), values.get(key), expected);
    }

    public Optional<Integer> whole(int least, int most) {
      return text(key)
          .map(
              text -> {
                long value = text.matches("-?[0-9]{1,12}") ? Long.parseLong(text) : Long.MIN_VALUE;
                if (value < least || value > most) {
                  throw bad("a whole number, " + least + " to " + most);
                }
                return (int) value;
              });
    }

    Optional<Double> number(double least, double most, String expected) {
      return text(key).map(text -> number(text, least, most, expected));
    }

    /**
     * A number that is a part of the value. Only plain decimals: Java would also read {@code
     * 0x1p3}, {@code NaN} and {@code 1d}.
     */
    double number(String part, double least, double most, String expected) {
      if (part.matches("[+-]?([0-9]{1,12}(\\.[0-9]{0,12})?|\\.[0-9]{1,12})")) {
        double value = Double.parseDouble(part);
        if (value >= least && value <= most) {
          return value;
        }
      }
      throw bad(expected);
    }

    Optional<Duration> duration(Duration least, Duration most) {
      String expected =
          "a duration such as 30s, " + GoDuration.show(least) + " to " + GoDuration.show(most);
      return text(key)
          .map(
              text -> {
                Duration value = GoDuration.parse(text).orElseThrow(() -> bad(expected));
                if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                  throw bad(expected);
                }
                return value;
              });
    }

    /** A duration without a part of a second. */
    Optional<Duration> seconds(Duration least, Duration most) {
      Optional<Duration> value = duration(least, most);
      if (value.isPresent() && value.get().toNanosPart() != 0) {
        throw bad("a duration in whole seconds, such as 30s");
      }
      return value;
    }

    public Optional<Boolean> flag() {
      return text(key)
          .map(
              text ->
                  switch (text) {
                    case "true", "1" -> true;
                    case "false", "0" -> false;
                    default -> throw bad("true or false");
                  });
    }

    String oneOf(String otherwise, Set<String> allowed) {
      String value = text(key).orElse(otherwise);
      if (!allowed.contains(value)) {
        throw bad("one of " + String.join(", ", allowed.stream().sorted().toList()));
      }
      return value;
    }
  }
}
