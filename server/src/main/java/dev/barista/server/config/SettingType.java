package dev.barista.server.config;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Quantity;
import dev.barista.concurrency.GoDuration;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a setting's text becomes a value.
 *
 * @param expected what a good text is, for messages: {@code 0 to 65535}
 * @param reader empty for a text that is not that
 * @param list whether an option that is given again adds to the value instead of replacing it
 */
record SettingType<T>(String expected, Reader<T> reader, boolean list) {

  SettingType(String expected, Reader<T> reader) {
    this(expected, reader, /* list= */ false);
  }

  /** Reads one text. */
  @FunctionalInterface
  interface Reader<T> {
    Optional<T> read(String text);
  }

  static final SettingType<String> TEXT =
      new SettingType<>("a text", text -> Optional.of(text).filter(given -> !given.isBlank()));

  static final SettingType<Boolean> FLAG =
      new SettingType<>(
          "true or false",
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "1" -> Optional.of(true);
                case "false", "0" -> Optional.of(false);
                default -> Optional.empty();
              });

  static final SettingType<Integer> PORT = count(0, 65_535);

  /** Plain seconds, as OpenFaaS takes them, or a Go duration. */
  static final SettingType<Duration> DURATION =
      new SettingType<>(
          "a duration above 0 such as 30s, 1m30s, 500ms or plain seconds",
          text -> GoDuration.parse(text).filter(Duration::isPositive));

  static final SettingType<Long> BYTES =
      new SettingType<>("bytes above 0 such as 64Ki, 10Mi or 1G", SettingType::bytes);

  static final SettingType<Path> PATH = new SettingType<>("a path", SettingType::path);

  static final SettingType<String> NAMESPACE =
      new SettingType<>(
          "a DNS label: a-z, 0-9 and inner '-', 1 to 63 characters", SettingType::namespace);

  static final SettingType<List<String>> NAMES =
      names("host names without port", "[A-Za-z0-9:._-]{1,253}");

  /** Registries as images name them; {@code http://} in front of one that has no TLS. */
  static final SettingType<List<String>> REGISTRIES =
      names(
          "registries such as ghcr.io, docker.io or http://10.0.0.5:5000",
          "(http://)?[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");

  /**
   * Names separated by commas, one at least.
   *
   * @param pattern of each
   */
  private static SettingType<List<String>> names(String expected, String pattern) {
    return new SettingType<>(
        expected + ", separated by commas",
        text -> {
          List<String> names =
              Stream.of(text.split(","))
                  .map(String::strip)
                  .filter(name -> !name.isEmpty())
                  .toList();
          boolean good = names.stream().allMatch(name -> name.matches(pattern));
          return good && !names.isEmpty() ? Optional.of(names) : Optional.empty();
        },
        /* list= */ true);
  }

  static SettingType<Integer> count(int least, int most) {
    return new SettingType<>(
        "a whole number, " + least + " to " + most,
        text -> {
          if (!text.matches("[0-9]{1,9}")) {
            return Optional.empty();
          }
          int value = Integer.parseInt(text);
          return value < least || value > most ? Optional.empty() : Optional.of(value);
        });
  }

  /** A ratio above 1. */
  static final SettingType<Double> RATIO =
      new SettingType<>(
          "a number above 1, such as 2 or 1.5",
          text ->
              text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")
                  ? Optional.of(Double.valueOf(text)).filter(value -> value > 1)
                  : Optional.empty());

  /** One of an enum's constants, written in lower case. */
  static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String names = Stream.of(constants).map(SettingType::shown).collect(Collectors.joining(", "));
    return new SettingType<>(
        "one of " + names,
        text -> Stream.of(constants).filter(value -> shown(value).equals(text)).findFirst());
  }

  private static String shown(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Long> bytes(String text) {
    try {
      return Optional.of(Quantity.memoryBytes("bytes", text));
    } catch (FaasException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isBlank()
          ? Optional.empty()
          : Optional.of(Path.of(text).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> namespace(String text) {
    try {
      return Optional.of(new FunctionName("any", text).namespace());
    } catch (FaasException e) {
      return Optional.empty();
    }
  }
}
