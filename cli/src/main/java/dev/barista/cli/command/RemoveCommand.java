package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code barista remove}: functions by name, or those of a stack file. */
final class RemoveCommand extends GatewayCommand {

  private final StackOptions stackOptions = new StackOptions(options);
  private final Report report = Report.of(options);

  RemoveCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "remove [FUNCTION ...]",
            "Remove functions, by name or all of a stack file.",
            /* mostWords= */ Integer.MAX_VALUE));
  }

  @Override
  int run() throws IOException {
    Optional<StackFile> stack =
        options.words().isEmpty() ? Optional.of(stackOptions.require(terminal)) : Optional.empty();
    List<FunctionName> functions = new ArrayList<>();
    options.words().forEach(name -> functions.add(functionName(name)));
    stack.ifPresent(
        file -> file.functions().forEach(function -> functions.add(stackName(function))));

    Gateway gateway = gateway(stack.flatMap(StackFile::gateway));
    int code = ExitCode.OK;
    for (FunctionName function : functions) {
      code = Math.max(code, remove(gateway, function));
    }
    return report.endWithList(terminal, code);
  }

  private FunctionName stackName(StackFunction function) {
    String space = namespace().or(function::namespace).orElse(FunctionName.DEFAULT_NAMESPACE);
    return new FunctionName(function.name(), space);
  }

  private int remove(Gateway gateway, FunctionName function) throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("functionName", function.name());
    body.put("namespace", function.namespace());
    PrintStream told = report.sentences(terminal);
    told.println("Deleting: " + function + ".");
    try (HttpAnswer answer = gateway.system("DELETE", "/system/functions", body)) {
      String text = answer.text();
      return switch (answer.status()) {
        case 200, 201, 202 -> {
          told.println("Removing old function.");
          add(function, /* removed= */ true);
          yield ExitCode.OK;
        }
        case 404 -> {
          err.println("No existing function to remove: " + function);
          add(function, /* removed= */ false);
          yield ExitCode.FAILED;
        }
        default -> throw gateway.refusal(answer, text);
      };
    }
  }

  private void add(FunctionName function, boolean removed) {
    report.add("name", function.name(), "namespace", function.namespace(), "removed", removed);
  }
}
