package dev.barista.server.doctor;

import dev.barista.api.FaasException;
import dev.barista.image.BuildStep;
import dev.barista.image.Interpreter;
import dev.barista.image.InterpreterResolver;
import dev.barista.image.TemplateSettings;
import dev.barista.image.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What functions are written in, and what builds need: as the built-in templates say. */
final class ProgramChecks {

  private static final String GIT = "git";

  private ProgramChecks() {}

  static List<Finding> run(Map<String, String> environment) throws IOException {
    Path cache = Files.createTempDirectory("barista-doctor");
    try {
      InterpreterResolver resolver = new InterpreterResolver(cache, environment);
      List<Finding> findings = new ArrayList<>();
      for (Map.Entry<String, Set<String>> program : programs().entrySet()) {
        String cost = "no functions of " + String.join(", ", program.getValue());
        findings.add(find(resolver, program.getKey(), cost));
      }
      findings.add(find(resolver, GIT, "no template pull, no --tag by commit or branch"));
      return findings;
    } finally {
      delete(cache);
    }
  }

  /** Program → templates that can't do without it. */
  static Map<String, Set<String>> programs() throws IOException {
    Templates templates = new Templates(Path.of("/nonexistent")); // the built-in ones only
    Map<String, Set<String>> programs = new TreeMap<>();
    for (String name : templates.names()) {
      TemplateSettings settings = templates.find(name).settings();
      Set<String> needed = new TreeSet<>();
      settings.program().filter(program -> !program.contains("/")).ifPresent(needed::add);
      settings.build().stream()
          .filter(step -> step.when().isEmpty())
          .map(BuildStep::tools)
          .forEach(needed::addAll);
      needed.forEach(program -> programs.computeIfAbsent(program, _ -> new TreeSet<>()).add(name));
    }
    return programs;
  }

  private static Finding find(InterpreterResolver resolver, String program, String cost) {
    try {
      Interpreter found = usable(resolver, program);
      String version = found.version().isEmpty() ? "" : found.version() + ", ";
      return Finding.ok(program, version + found.executable());
    } catch (FaasException e) {
      return Finding.gap(program, "not found", cost, advice(e.getMessage()));
    }
  }

  /** Where the platform runs as root, functions and builds run as other users. */
  private static Interpreter usable(InterpreterResolver resolver, String program) {
    boolean root = System.getProperty("user.name", "").equals("root");
    return root && !program.equals(GIT)
        ? resolver.resolve(program, InterpreterResolver::isReadableByOthers)
        : resolver.resolve(program);
  }

  /** The sentence is "X isn't installed on this host: ADVICE". */
  private static String advice(String sentence) {
    int colon = sentence.indexOf(": ");
    return colon < 0 ? sentence : sentence.substring(colon + 2);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
