package dev.barista.image;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names under which templates are known elsewhere, each with what runs instead. */
final class TemplateAliases {

  private static final String HOST = "it runs on this host's ";
  private static final String OTHER_CONTRACT =
      "whose handlers look different, see docs/functions.md: ";

  private static final Map<String, Alias> ALIASES = new HashMap<>();

  static {
    add(
        "python3",
        HOST + "Python 3",
        "python",
        "python27",
        "python-armhf",
        "python3-debian",
        "python3-armhf");
    add("python3-http", HOST + "Python 3", "python3-http-debian", "python3-http-armhf");
    add("python3-flask", HOST + "Python 3", "python3-flask-debian", "python27-flask");
    add("node", HOST + "Node.js", "node-armhf", "node-arm64");
    add(
        "node-http",
        HOST + "Node.js",
        List.of(
            "node10-express",
            "node8-express",
            "node12",
            "node12-debian",
            "node14",
            "node16",
            "node17",
            "node18",
            "node20",
            "node22",
            "node24"));
    add(
        "node-express",
        HOST + "Node.js",
        "node8-express-service",
        "node10-express-service",
        "node14-express-service");
    add("go", HOST + "Go", "go-armhf");
    add(
        "go-http",
        HOST + "Go",
        "golang-http",
        "golang-middleware",
        "golang-http-inproc",
        "golang-middleware-inproc",
        "golang-http-armhf");
    add("java", HOST + "JDK 25", "java8", "java11", "java17", "java21", "java25", "java11-maven");
    add("java-http", OTHER_CONTRACT + HOST + "JDK 25", "java11-vert-x", "java8-vert-x");
    add("bash", HOST + "bash", "bash-streaming");
    add("php", HOST + "PHP", "php5", "php7", "php8");
    add("ruby", HOST + "Ruby", "ruby-http", "ruby-armhf");
    add("rust", OTHER_CONTRACT + HOST + "Rust", "rust-http");
    add(
        "csharp",
        OTHER_CONTRACT + HOST + ".NET",
        "csharp-httprequest",
        "csharp-kestrel",
        "dotnet8-csharp");
    add("csharp", HOST + ".NET", "csharp-armhf");
  }

  private TemplateAliases() {}

  /**
   * What is meant by another name.
   *
   * @param notice a sentence for the user
   */
  record Alias(String template, String notice) {}

  static Optional<Alias> of(String name) {
    return Optional.ofNullable(ALIASES.get(name));
  }

  private static void add(String template, String runs, String... names) {
    add(template, runs, List.of(names));
  }

  private static void add(String template, String runs, List<String> names) {
    for (String name : names) {
      String notice = "lang " + name + " means the template " + template + ": " + runs;
      ALIASES.put(name, new Alias(template, notice.replace(": whose", ", whose")));
    }
  }
}
