package dev.barista.watchdog;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a token allows: functions as {@code NAMESPACE:NAME}, in which {@code *} stands for anything.
 *
 * @param audience functions that may take the token; empty: all
 * @param permissions functions that may be called with it; empty: none
 */
record TokenRights(List<String> audience, List<String> permissions) {

  /** Of the claim {@code function}; whatever isn't as it should be gives no right. */
  static TokenRights of(@Nullable Object claim) {
    return claim instanceof Map<?, ?> map
        ? new TokenRights(texts(map.get("audience")), texts(map.get("permissions")))
        : new TokenRights(List.of(), List.of());
  }

  boolean allow(String resource) {
    return (audience.isEmpty() || matches(audience, resource)) && matches(permissions, resource);
  }

  private static boolean matches(List<String> patterns, String resource) {
    return patterns.stream().anyMatch(pattern -> regex(pattern).matcher(resource).matches());
  }

  private static Pattern regex(String pattern) {
    return Pattern.compile(
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private static List<String> texts(@Nullable Object list) {
    return switch (list) {
      case null -> List.of();
      case List<?> entries -> entries.stream().map(String::valueOf).toList();
      // Taken for an empty one it would allow everybody.
      default -> List.of(String.valueOf(list));
    };
  }
}
