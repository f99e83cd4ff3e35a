package dev.barista.cli.stack;

/**
 * How much of one file was read, each alias as often as it is used: a few lines of aliases of
 * aliases would take forever and all memory otherwise. Not thread-safe.
 */
final class YamlSize {

  /** Each of many functions may have one. */
  static final int MOST_ALIASES = 1000;

  /** A thousand functions with a hundred values each, ten times. */
  private static final int MOST = 1_000_000;

  private final Faults faults;

  // Mutable state
  private int read;

  YamlSize(Faults faults) {
    this.faults = faults;
  }

  /** Throws {@link StackException} when it is too much. */
  void add(int line, int values) {
    read += values;
    if (read > MOST) {
      faults.add(line, "aliases make this more than " + MOST + " values");
      faults.throwIfAny();
    }
  }
}
