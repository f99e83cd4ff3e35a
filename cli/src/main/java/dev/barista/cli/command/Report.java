package dev.barista.cli.command;

import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a verb has done, for people or, with {@code -o json}, for programs: its sentences go to
 * standard error then, and standard output gets one JSON value at the end. A failure that ends the
 * verb is a sentence and an exit code in either form. Not thread-safe.
 */
final class Report {

  private final Option.Choice format;

  // Mutable state
  private final List<Map<String, Object>> done = new ArrayList<>();

  /**
   * @param names of the option
   */
  Report(OptionSet options, String... names) {
    this.format = options.choice(List.of("text", "json"), "Form of the output.", names);
  }

  static Report of(OptionSet options) {
    return new Report(options, "-o", "--output");
  }

  /** For verbs whose {@code -o} is faas-cli's build option. */
  static Report ofBuild(OptionSet options) {
    return new Report(options, "--output");
  }

  /** Where sentences go. */
  PrintStream sentences(Terminal terminal) {
    return isJson() ? terminal.err() : terminal.out();
  }

  /** The same terminal for parts that print sentences. */
  Terminal talking(Terminal terminal) {
    return isJson()
        ? new Terminal(
            terminal.in(),
            terminal.err(),
            terminal.err(),
            terminal.environment(),
            terminal.folder())
        : terminal;
  }

  /**
   * Something was done, or tried.
   *
   * @param namesAndValues name, value, name, value …: texts, truth values, whole numbers
   */
  void add(Object... namesAndValues) {
    Map<String, Object> one = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      one.put(
          (String) namesAndValues[i],
          value instanceof Number number ? BigDecimal.valueOf(number.longValue()) : value);
    }
    done.add(one);
  }

  /** All that was done, as a list. */
  int endWithList(Terminal terminal, int code) {
    if (isJson()) {
      terminal.out().println(Json.indented(done));
    }
    return code;
  }

  /** The one thing that was done. */
  int endWithOne(Terminal terminal, int code) {
    if (isJson()) {
      terminal.out().println(Json.indented(done.getFirst()));
    }
    return code;
  }

  private boolean isJson() {
    return format.value().equals("json");
  }
}
