package dev.barista.server.doctor;

import dev.barista.api.FaasException;
import dev.barista.image.Interpreter;
import dev.barista.image.InterpreterResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What functions are written in, and what builds need. */
final class ProgramChecks {

  private ProgramChecks() {}

  /** Program → what can't be done without it. */
  private static Map<String, String> programs() {
    Map<String, String> programs = new LinkedHashMap<>();
    programs.put("python3", "functions in Python (python3, python3-http, python3-flask)");
    programs.put("java", "functions in Java (java)");
    programs.put("node", "functions in JavaScript (node)");
    programs.put("go", "functions in Go (go)");
    programs.put("bash", "functions in bash (bash)");
    programs.put("git", "template pull, and --tag by commit or branch");
    return programs;
  }

  static List<Finding> run(Map<String, String> environment) throws IOException {
    Path cache = Files.createTempDirectory("barista-doctor");
    try {
      InterpreterResolver resolver = new InterpreterResolver(cache, environment);
      List<Finding> findings = new ArrayList<>();
      programs().forEach((program, use) -> findings.add(find(resolver, program, use)));
      return findings;
    } finally {
      delete(cache);
    }
  }

  private static Finding find(InterpreterResolver resolver, String program, String use) {
    try {
      Interpreter found = usable(resolver, program);
      String version = found.version().isEmpty() ? "" : found.version() + ", ";
      return Finding.ok(program, version + found.executable());
    } catch (FaasException e) {
      return Finding.gap(program, "not found", "no " + use, advice(e));
    }
  }

  /** Where the platform runs as root, functions run as other users. */
  private static Interpreter usable(InterpreterResolver resolver, String program) {
    boolean root = System.getProperty("user.name", "").equals("root");
    return root && !program.equals("git")
        ? resolver.resolve(program, InterpreterResolver::isReadableByOthers)
        : resolver.resolve(program);
  }

  /** The sentence is "X isn't installed on this host: ADVICE". */
  private static String advice(FaasException missing) {
    String sentence = missing.getMessage();
    return Optional.of(sentence.indexOf(": "))
        .filter(at -> at >= 0)
        .map(at -> sentence.substring(at + 2))
        .orElse(sentence);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
