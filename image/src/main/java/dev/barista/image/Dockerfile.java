package dev.barista.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be had from a Dockerfile without running it.
 *
 * @param environment of its last stage
 * @param unmet instructions of its last stage that only a container engine can carry out, as
 *     written, shortened
 */
record Dockerfile(Map<String, String> environment, List<String> unmet) {

  private static final Pattern PAIR =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))");
  private static final int SHOWN = 60;

  Dockerfile {
    environment = Map.copyOf(environment);
    unmet = List.copyOf(unmet);
  }

  static Dockerfile parse(String text) {
    Map<String, String> environment = new LinkedHashMap<>();
    List<String> unmet = new ArrayList<>();
    for (String line : text.replaceAll("\\\\[ \\t]*\\r?\\n", " ").lines().toList()) {
      String[] words = line.strip().split("\\s+", 2);
      String rest = words.length > 1 ? words[1] : "";
      switch (words[0].toUpperCase(Locale.ROOT)) {
        case "FROM" -> {
          environment.clear();
          unmet.clear();
        }
        case "ENV" -> environment.putAll(pairs(rest));
        case "RUN", "ENTRYPOINT" -> unmet.add(shortened(line.strip()));
        case "CMD" -> {
          if (!rest.contains("fwatchdog")) {
            unmet.add(shortened(line.strip()));
          }
        }
        default -> {
          // COPY, WORKDIR, USER, EXPOSE and the like say what a host image has anyway.
        }
      }
    }
    return new Dockerfile(environment, unmet);
  }

  private static Map<String, String> pairs(String rest) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher matcher = PAIR.matcher(rest);
    while (matcher.find()) {
      String quoted = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      pairs.put(matcher.group(1), quoted != null ? quoted : matcher.group(4));
    }
    String[] old = rest.split("\\s+", 2);
    if (pairs.isEmpty() && old.length == 2) {
      pairs.put(old[0], old[1].replace("\"", ""));
    }
    return pairs;
  }

  private static String shortened(String line) {
    String single = line.replaceAll("\\s+", " ");
    return single.length() > SHOWN ? single.substring(0, SHOWN) + "…" : single;
  }
}
