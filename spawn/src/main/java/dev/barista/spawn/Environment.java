package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The complete environment of a child: nothing else is inherited. Immutable. {@code toString} names
 * the variables without their values, which may be secret.
 */
public final class Environment {

  private static final Environment EMPTY = new Environment(new LinkedHashMap<>());

  /** Name to {@code NAME=value}, NUL-terminated, as execve wants it. */
  private final Map<String, byte[]> entries;

  private Environment(Map<String, byte[]> entries) {
    this.entries = entries;
  }

  public static Environment empty() {
    return EMPTY;
  }

  /**
   * Values are encoded as UTF-8.
   *
   * @throws IllegalArgumentException if a name is empty or has '=' or NUL, or a value has NUL
   */
  public static Environment of(Map<String, String> variables) {
    return EMPTY.plus(variables);
  }

  /** This environment with more variables; a name that is here already gets the new value. */
  public Environment plus(Map<String, String> variables) {
    var merged = new LinkedHashMap<>(entries);
    variables.forEach((name, value) -> merged.put(name, entry(name, value.getBytes(UTF_8))));
    return new Environment(merged);
  }

  /** Like {@link #plus}, for values that are bytes, such as those of HTTP headers. */
  public Environment plusBytes(Map<String, byte[]> variables) {
    var merged = new LinkedHashMap<>(entries);
    variables.forEach((name, value) -> merged.put(name, entry(name, value)));
    return new Environment(merged);
  }

  /** This environment without some variables. */
  public Environment without(Set<String> names) {
    var rest = new LinkedHashMap<>(entries);
    rest.keySet().removeAll(names);
    return new Environment(rest);
  }

  public Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  public Optional<String> get(String name) {
    byte[] entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    int start = name.getBytes(UTF_8).length + 1;
    return Optional.of(new String(entry, start, entry.length - start - 1, UTF_8));
  }

  Iterable<byte[]> encoded() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }

  @Override
  public String toString() {
    return "Environment" + entries.keySet();
  }

  private static byte[] entry(String name, byte[] value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "environment variable name: '"
              + name.replace('\0', '?')
              + "' (expected: not empty, no '=', no NUL)");
    }
    byte[] key = name.getBytes(UTF_8);
    var entry = new byte[key.length + 1 + value.length + 1];
    System.arraycopy(key, 0, entry, 0, key.length);
    entry[key.length] = '=';
    for (int i = 0; i < value.length; i++) {
      if (value[i] == 0) {
        throw new IllegalArgumentException(
            "environment variable " + name + ": contains NUL (expected: none)");
      }
      entry[key.length + 1 + i] = value[i];
    }
    return entry;
  }
}
