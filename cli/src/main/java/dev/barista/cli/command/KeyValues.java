package dev.barista.cli.command;

import dev.barista.cli.CliException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Options of the form {@code KEY=VALUE}. */
final class KeyValues {

  private KeyValues() {}

  /** {@code base} with the options' values on top; a later one wins. */
  static Map<String, String> over(Map<String, String> base, String option, List<String> pairs) {
    Map<String, String> result = new LinkedHashMap<>(base);
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0 || equals == pair.length() - 1) {
        throw CliException.usage(option + ": \"" + pair + "\" (expected: KEY=VALUE)");
      }
      result.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return result;
  }
}
