package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.spawn.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The variables of the function's processes, as bytes, and what they tell the watchdog.
 *
 * <p>A platform that doesn't trust the function hands them over in a file that {@link #VARIABLE}
 * names, in the format of {@code /proc/PID/environ}: with the function's {@code LD_PRELOAD} or
 * {@code JAVA_TOOL_OPTIONS} in the watchdog's own environment its code would run in the watchdog.
 * Elsewhere the function has the watchdog's environment.
 */
final class FunctionEnvironment {

  static final String VARIABLE = "BARISTA_FUNCTION_ENVIRONMENT";

  /** What tells the watchdog about its place and is no business of the function. */
  private static final Set<String> OWN =
      Set.of(ConfigParser.SOCKET, ConfigParser.METRICS_PORT, CallsCgroup.VARIABLE, VARIABLE);

  /** What only the watchdog's own environment can tell it. */
  private static final Set<String> PLACE =
      Set.of(ConfigParser.SOCKET, CallsCgroup.VARIABLE, VARIABLE);

  /** Java decodes it by the locale, which in a container is seldom set: then only ASCII is left. */
  private static final Path OWN_BYTES = Path.of("/proc/self/environ");

  private final Map<String, byte[]> variables;
  private final Map<String, String> settings;

  private FunctionEnvironment(Map<String, byte[]> variables, Map<String, String> settings) {
    this.variables = variables;
    this.settings = Map.copyOf(settings);
  }

  /**
   * @param own the watchdog's environment
   * @throws ConfigException if the file that it names can't be read
   */
  static FunctionEnvironment of(Map<String, String> own) {
    String file = own.getOrDefault(VARIABLE, "");
    if (file.isEmpty()) {
      Map<String, byte[]> variables = plain(own);
      return new FunctionEnvironment(variables, texts(variables));
    }
    try {
      Map<String, byte[]> variables = parse(Files.readAllBytes(Path.of(file)));
      Map<String, String> settings = texts(variables);
      settings.keySet().removeAll(PLACE);
      OWN.forEach(name -> copy(name, own, settings));
      copy("TMPDIR", own, settings);
      return new FunctionEnvironment(variables, settings);
    } catch (IOException | IllegalArgumentException failure) {
      throw new ConfigException(
          VARIABLE + ": '" + file + "' (expected: a file as /proc/PID/environ): " + failure);
    }
  }

  /** Everything that the environment says, for {@link ConfigParser}. */
  Map<String, String> settings() {
    return settings;
  }

  /** What every process of the function has. */
  Environment forProcesses() {
    return Environment.empty().plusBytes(variables).without(OWN);
  }

  private static Map<String, String> texts(Map<String, byte[]> variables) {
    Map<String, String> texts = new HashMap<>();
    variables.forEach((name, value) -> texts.put(name, new String(value, UTF_8)));
    return texts;
  }

  private static void copy(String name, Map<String, String> from, Map<String, String> to) {
    String value = from.get(name);
    if (value != null) {
      to.put(name, value);
    }
  }

  private static Map<String, byte[]> plain(Map<String, String> own) {
    if (own.equals(System.getenv())) {
      try {
        return parse(Files.readAllBytes(OWN_BYTES));
      } catch (IOException | IllegalArgumentException _) {
        // Not Linux, or a process that may not look at itself: Java's view of it will do.
      }
    }
    Map<String, byte[]> variables = new LinkedHashMap<>();
    own.forEach((name, value) -> variables.put(name, value.getBytes(UTF_8)));
    return variables;
  }

  /** {@code NAME=value} and a NUL, over and over. */
  private static Map<String, byte[]> parse(byte[] bytes) {
    Map<String, byte[]> variables = new LinkedHashMap<>();
    // One char a byte: nothing is lost whatever the encoding.
    for (String entry : new String(bytes, ISO_8859_1).split("\0")) {
      if (entry.isEmpty()) {
        continue;
      }
      int equals = entry.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("an entry is not NAME=value");
      }
      String name = new String(entry.substring(0, equals).getBytes(ISO_8859_1), UTF_8);
      variables.put(name, entry.substring(equals + 1).getBytes(ISO_8859_1));
    }
    return variables;
  }
}
