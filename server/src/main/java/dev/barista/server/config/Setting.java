package dev.barista.server.config;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * One setting: an option {@code --NAME}, an environment variable {@code BARISTA_NAME}, a key of the
 * configuration file, and perhaps OpenFaaS's own variables.
 *
 * @param name as the option and in the file, such as {@code read-timeout}
 * @param placeholder of the value in the help; empty for a switch, which needs none
 * @param defaultText what holds when nobody says anything; empty = nothing
 * @param aliases OpenFaaS's variables that mean the same
 */
record Setting<T>(
    String name,
    String placeholder,
    String defaultText,
    SettingType<T> type,
    String help,
    List<Alias> aliases) {

  static final String PREFIX = "BARISTA_";

  /**
   * A variable of OpenFaaS.
   *
   * @param toOwn what its value is called here
   */
  record Alias(String variable, UnaryOperator<String> toOwn) {
    static Alias same(String variable) {
      return new Alias(variable, UnaryOperator.identity());
    }
  }

  static <T> Setting<T> of(
      String name, String placeholder, String defaultText, SettingType<T> type, String help) {
    return new Setting<>(name, placeholder, defaultText, type, help, List.of());
  }

  Setting<T> alias(Alias alias) {
    return new Setting<>(name, placeholder, defaultText, type, help, List.of(alias));
  }

  String option() {
    return "--" + name;
  }

  String variable() {
    return PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  boolean isSwitch() {
    return placeholder.isEmpty();
  }
}
