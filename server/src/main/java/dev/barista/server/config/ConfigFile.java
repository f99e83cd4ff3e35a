package dev.barista.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the configuration file: {@code key = value}, one a line; lines that begin with {@code #}
 * and empty ones don't count. Keys are the options' names without dashes in front.
 */
final class ConfigFile {

  private static final long MAX_BYTES = 1 << 20;

  private ConfigFile() {}

  /**
   * A line's value.
   *
   * @param place {@code FILE:LINE}
   */
  record Entry(String place, String value) {}

  /** By key; what can't be read is added to {@code faults}. */
  static Map<String, Entry> read(Path file, List<String> faults) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines(file, faults)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String place = file + ":" + number;
      int equals = text.indexOf('=');
      if (equals <= 0) {
        faults.add(place + ": \"" + text + "\" (expected: key = value)");
        continue;
      }
      String key = text.substring(0, equals).strip();
      Entry earlier = entries.put(key, new Entry(place, text.substring(equals + 1).strip()));
      if (earlier != null) {
        faults.add(place + ": " + key + " is given twice, first at " + earlier.place());
      }
    }
    return entries;
  }

  private static List<String> lines(Path file, List<String> faults) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
        return Files.readAllLines(file);
      }
    } catch (IOException e) {
      faults.add("--config: \"" + file + "\" can't be read, " + e + " (expected: a UTF-8 file)");
      return List.of();
    }
    faults.add("--config: \"" + file + "\" (expected: a file of at most 1 MiB)");
    return List.of();
  }
}
