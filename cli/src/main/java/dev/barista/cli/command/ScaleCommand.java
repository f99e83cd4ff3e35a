package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code barista scale}: sets a function's replicas by hand. */
final class ScaleCommand extends GatewayCommand {

  private final Report report = Report.of(options);

  ScaleCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "scale FUNCTION N",
            """
            Set the replicas of a function. They stay until the next thing that scales it: an alert that
            begins to fire or is resolved, its target, a call when it is at zero.
              scale idle --dry-run   which functions would go to zero now
              scale record           a function's load as a trace
              scale simulate         what a policy would make of a trace
            A function that is named like one of these is written NAME.NAMESPACE.\
            """,
            /* mostWords= */ 2));
  }

  @Override
  int run() throws IOException {
    FunctionName name = function();
    int replicas = replicas(options.words());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("serviceName", name.name());
    body.put("namespace", name.namespace());
    body.put("replicas", BigDecimal.valueOf(replicas));
    Gateway gateway = gateway();
    try (HttpAnswer answer =
        gateway.system("POST", "/system/scale-function/" + name.name(), body)) {
      String text = answer.text();
      switch (answer.status()) {
        case 200, 202 ->
            report.sentences(terminal).println("Scaling " + name + " to " + replicas + ".");
        case 404 -> throw CliException.failed("No such function: " + name);
        default -> throw gateway.refusal(answer, text);
      }
    }
    report.add("name", name.name(), "namespace", name.namespace(), "replicas", replicas);
    return report.endWithOne(terminal, ExitCode.OK);
  }

  private static int replicas(List<String> words) {
    if (words.size() < 2) {
      throw CliException.usage("how many replicas? (expected: barista scale FUNCTION N)");
    }
    try {
      int replicas = Integer.parseInt(words.get(1));
      if (replicas >= 0) {
        return replicas;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw CliException.usage(
        "replicas: \"" + Printable.line(words.get(1)) + "\" (expected: a number from 0)");
  }
}
