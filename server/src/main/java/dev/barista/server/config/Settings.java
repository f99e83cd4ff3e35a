package dev.barista.server.config;

import dev.barista.cli.stack.Nearest;
import dev.barista.server.config.ConfigFile.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The texts that were given, and the values they mean. The strongest source wins: option, {@code
 * BARISTA_…} variable, OpenFaaS's variable, configuration file, default. Faults are gathered, so
 * that all of them are told at once. Not thread-safe.
 */
final class Settings {

  /** Marks a replica's processes; near to {@code BARISTA_MAX_REPLICAS}. */
  private static final String REPLICA = "BARISTA_REPLICA";

  private static final Pattern OF_SERVICE =
      Pattern.compile("\\w+_SERVICE_(HOST|PORT(_\\w+)?)|\\w+_PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?");

  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://");

  private final Map<String, String> options;
  private final Map<String, String> environment;
  private final Map<String, Entry> file;
  private final List<String> faults;

  private Settings(
      Map<String, String> options,
      Map<String, String> environment,
      Map<String, Entry> file,
      List<String> faults) {
    this.options = options;
    this.environment = environment;
    this.file = file;
    this.faults = faults;
  }

  /** Reads every source. */
  static Settings read(List<String> arguments, Map<String, String> variables) {
    List<String> faults = new ArrayList<>();
    Map<String, String> environment = withoutServices(variables);
    Map<String, String> options = options(arguments, faults);
    misspelt(environment, faults);
    Settings withoutFile = new Settings(options, environment, Map.of(), faults);
    Map<String, Entry> file = new HashMap<>();
    withoutFile
        .given(ServeSettings.CONFIG)
        .ifPresent(path -> file.putAll(fileEntries(path, faults)));
    return new Settings(options, environment, file, faults);
  }

  /**
   * Kubernetes tells each Pod of the Services in its namespace by variables, whose names are
   * settings' names when a Service is called as we are: {@code BARISTA_PORT=tcp://10.0.0.1:8080}.
   * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
   */
  private static Map<String, String> withoutServices(Map<String, String> variables) {
    Map<String, String> own = new HashMap<>(variables);
    own.entrySet()
        .removeIf(
            variable ->
                OF_SERVICE.matcher(variable.getKey()).matches()
                    || (variable.getKey().endsWith("_PORT")
                        && SERVICE_URL.matcher(variable.getValue()).lookingAt()));
    return own;
  }

  /** Variables of ours that are no settings exist too, so only what is nearly one is a fault. */
  private static void misspelt(Map<String, String> environment, List<String> faults) {
    List<String> known =
        ServeSettings.GROUPS.values().stream()
            .flatMap(List::stream)
            .map(Setting::variable)
            .toList();
    environment.keySet().stream()
        .filter(name -> name.startsWith(Setting.PREFIX))
        .filter(name -> !known.contains(name) && !name.equals(REPLICA))
        .sorted()
        .forEach(
            name ->
                Nearest.to(name.substring(Setting.PREFIX.length()), shortened(known))
                    .ifPresent(
                        near ->
                            faults.add(
                                "%s (expected: a known variable; did you mean %s%s?)"
                                    .formatted(name, Setting.PREFIX, near))));
  }

  private static List<String> shortened(List<String> variables) {
    return variables.stream().map(name -> name.substring(Setting.PREFIX.length())).toList();
  }

  private static Map<String, Entry> fileEntries(Path path, List<String> faults) {
    Map<String, Entry> entries = ConfigFile.read(path, faults);
    entries.forEach(
        (key, entry) -> {
          if (ServeSettings.find(key).isEmpty() || key.equals(ServeSettings.CONFIG.name())) {
            faults.add(
                entry.place()
                    + ": "
                    + key
                    + " (expected: a known key; barista serve --help lists them)");
          }
        });
    return entries;
  }

  private static Map<String, String> options(List<String> arguments, List<String> faults) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Optional<Setting<?>> setting =
          name.startsWith("--") ? ServeSettings.find(name.substring(2)) : Optional.empty();
      if (setting.isEmpty()) {
        faults.add(name + " (expected: a known option; barista serve --help lists them)");
      } else if (equals >= 0) {
        put(options, setting.get(), argument.substring(equals + 1));
      } else if (setting.get().isSwitch()) {
        put(options, setting.get(), "true");
      } else if (i + 1 < arguments.size()) {
        put(options, setting.get(), arguments.get(++i));
      } else {
        faults.add(name + ": nothing (expected: " + setting.get().type().expected() + ")");
      }
    }
    return options;
  }

  private static void put(Map<String, String> options, Setting<?> setting, String value) {
    if (setting.type().list()) {
      options.merge(setting.name(), value, (earlier, later) -> earlier + "," + later);
    } else {
      options.put(setting.name(), value);
    }
  }

  /** The value, or the default's where none or a faulty one is given. */
  <T> T value(Setting<T> setting) {
    return given(setting)
        .or(() -> read(setting, setting.defaultText()))
        .orElseThrow(() -> new IllegalStateException(setting.name() + " has no default"));
  }

  /** The value, if somebody gave one. */
  <T> Optional<T> given(Setting<T> setting) {
    String own = options.get(setting.name());
    if (own != null) {
      return parsed(setting, setting.option(), own);
    }
    String variable = environment.get(setting.variable());
    if (variable != null && !variable.isEmpty()) {
      return parsed(setting, setting.variable(), variable);
    }
    for (Setting.Alias alias : setting.aliases()) {
      String foreign = environment.get(alias.variable());
      if (foreign != null && !foreign.isEmpty()) {
        return parsed(setting, alias.variable(), alias.toOwn().apply(foreign));
      }
    }
    Entry entry = file.get(setting.name());
    return entry == null
        ? Optional.empty()
        : parsed(setting, entry.place() + ": " + setting.name(), entry.value());
  }

  private <T> Optional<T> parsed(Setting<T> setting, String source, String text) {
    Optional<T> value = read(setting, text);
    if (value.isEmpty()) {
      fault(source + ": \"" + text + "\" (expected: " + setting.type().expected() + ")");
    }
    return value;
  }

  private <T> Optional<T> read(Setting<T> setting, String text) {
    boolean inHome =
        setting.type().equals(SettingType.PATH) && (text.equals("~") || text.startsWith("~/"));
    return setting.type().reader().read(inHome ? home() + text.substring(1) : text);
  }

  /** As shells and the client verbs mean it; the JVM's own property is that of the user's entry. */
  private String home() {
    String home = environment.getOrDefault("HOME", "");
    return home.isEmpty() ? System.getProperty("user.home") : home;
  }

  /** Adds what is wrong with several settings together; each sentence once. */
  void fault(String sentence) {
    if (!faults.contains(sentence)) {
      faults.add(sentence);
    }
  }

  /**
   * @throws ConfigException if anything is wrong
   */
  void throwIfFaulty() {
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }
}
