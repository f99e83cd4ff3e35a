package dev.barista.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header fields in their order; names compare without case. Immutable. */
public final class Headers {

  /** One header line. */
  public record Field(String name, String value) {
    public Field {
      requireNonNull(name, "name");
      requireNonNull(value, "value");
    }
  }

  public static final Headers EMPTY = new Headers(List.of());

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /**
   * @param namesAndValues name, value, name, value …
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "headers: " + namesAndValues.length + " texts (expected: pairs of name and value)");
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new Headers(List.copyOf(fields));
  }

  public static Headers of(List<Field> fields) {
    return new Headers(List.copyOf(fields));
  }

  /** These and one more line. */
  public Headers with(String name, String value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(List.copyOf(more));
  }

  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  public List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** Every line, in order. */
  public List<Field> fields() {
    return fields;
  }

  @Override
  public String toString() {
    return fields.stream().map(Field::name).toList().toString();
  }
}
