package dev.barista.api;

import static java.util.Objects.requireNonNull;

/** Identity of a replica, unique for the life of a provider; part of file names and logs. */
public record ReplicaId(String value) {
  public ReplicaId {
    requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("replica id: empty (expected: a name)");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
