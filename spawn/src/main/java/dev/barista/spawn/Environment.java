package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The complete environment of a child: nothing else is inherited. Immutable. {@code toString} names
 * the variables without their values, which may be secret.
 *
 * <p>An environment that adds to another keeps the other as it is, so that what is common to all
 * children of a program is encoded once.
 */
public final class Environment {

  private static final Environment EMPTY = new Environment(null, new LinkedHashMap<>());

  private final @Nullable Environment base;

  /** Name to {@code NAME=value}, NUL-terminated, as execve wants it; none is in {@link #base}. */
  private final Map<String, byte[]> entries;

  private final Block block;

  /**
   * Encoded entries, one behind the other.
   *
   * @param starts where each begins
   */
  @SuppressWarnings("ArrayRecordComponent") // a value to be copied, never compared
  record Block(byte[] bytes, int[] starts) {

    private static Block of(Iterable<byte[]> entries, int count) {
      var starts = new int[count];
      int length = 0;
      int i = 0;
      for (byte[] entry : entries) {
        starts[i++] = length;
        length += entry.length;
      }
      var bytes = new byte[length];
      i = 0;
      for (byte[] entry : entries) {
        System.arraycopy(entry, 0, bytes, starts[i++], entry.length);
      }
      return new Block(bytes, starts);
    }
  }

  private Environment(@Nullable Environment base, Map<String, byte[]> entries) {
    this.base = base;
    this.entries = entries;
    this.block = Block.of(entries.values(), entries.size());
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
    var more = new LinkedHashMap<String, byte[]>();
    variables.forEach((name, value) -> more.put(name, entry(name, value.getBytes(UTF_8))));
    return merged(more);
  }

  /** Like {@link #plus}, for values that are bytes, such as those of HTTP headers. */
  public Environment plusBytes(Map<String, byte[]> variables) {
    var more = new LinkedHashMap<String, byte[]>();
    variables.forEach((name, value) -> more.put(name, entry(name, value)));
    return merged(more);
  }

  /** This environment without some variables. */
  public Environment without(Set<String> names) {
    var rest = all();
    rest.keySet().removeAll(names);
    return new Environment(null, rest);
  }

  public Set<String> names() {
    var names = new LinkedHashSet<String>();
    for (Environment part = this; part != null; part = part.base) {
      names.addAll(part.entries.keySet());
    }
    return names;
  }

  public Optional<String> get(String name) {
    for (Environment part = this; part != null; part = part.base) {
      byte[] entry = part.entries.get(name);
      if (entry != null) {
        int start = name.getBytes(UTF_8).length + 1;
        return Optional.of(new String(entry, start, entry.length - start - 1, UTF_8));
      }
    }
    return Optional.empty();
  }

  /** Everything, in parts. */
  void forEachBlock(Consumer<Block> action) {
    for (Environment part = this; part != null; part = part.base) {
      action.accept(part.block);
    }
  }

  int size() {
    return entries.size() + (base == null ? 0 : base.size());
  }

  @Override
  public String toString() {
    return "Environment" + names();
  }

  private Environment merged(Map<String, byte[]> more) {
    if (base == null && entries.keySet().stream().noneMatch(more::containsKey)) {
      return new Environment(this, more);
    }
    var merged = all();
    merged.putAll(more);
    return new Environment(null, merged);
  }

  private Map<String, byte[]> all() {
    Map<String, byte[]> all = base == null ? new LinkedHashMap<>() : base.all();
    all.putAll(entries);
    return all;
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
