package dev.barista.http;

import java.util.Set;
import java.util.TreeSet;

/** The methods that a route takes. */
public final class Methods {

  /** Whatever a client sends. */
  public static final Methods ANY = new Methods(Set.of());

  private final Set<String> names;

  private Methods(Set<String> names) {
    this.names = names;
  }

  /**
   * @param names in upper case, at least one; {@code GET} does not include {@code HEAD}
   */
  public static Methods of(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("methods: none (expected: at least one)");
    }
    return new Methods(Set.of(names));
  }

  public boolean includes(String method) {
    return names.isEmpty() || names.contains(method);
  }

  /** Empty for {@link #ANY}. */
  Set<String> names() {
    return names;
  }

  /** Whether a request could match both. */
  boolean overlaps(Methods other) {
    return names.isEmpty()
        || other.names.isEmpty()
        || names.stream().anyMatch(other.names::contains);
  }

  @Override
  public String toString() {
    return names.isEmpty() ? "any" : new TreeSet<>(names).toString(); // a set's order varies
  }
}
