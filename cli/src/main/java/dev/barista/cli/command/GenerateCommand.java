package dev.barista.cli.command;

import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.YamlText;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code barista generate}: functions as objects for {@code kubectl apply}. */
final class GenerateCommand extends GatewayCommand {

  private static final String OPENFAAS = "openfaas.com/v1";
  private static final String KNATIVE = "serving.knative.dev/v1";

  private final StackOptions stackOptions = new StackOptions(options);
  private final FunctionOptions functionOptions = new FunctionOptions(options);
  private final DeployOptions deployOptions = new DeployOptions(options);
  private final TagOption tag = new TagOption(options);

  private final Option.Choice api =
      options.choice(
          List.of(OPENFAAS, KNATIVE), "OpenFaaS's Function, or Knative's Service.", "--api");

  private final Option.Choice format =
      options.choice(List.of("yaml", "json"), "Form of the output.", "-o", "--output");

  GenerateCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet("generate", "Write functions as Kubernetes objects.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    List<Map<String, Object>> objects =
        Selection.of(terminal, stackOptions, functionOptions)
            .map(f -> deployOptions.apply(f, namespace(), functionOptions.process()))
            .map(f -> tag.apply(f, terminal))
            .functions()
            .stream()
            .map(
                f ->
                    api.value().equals(KNATIVE)
                        ? KubernetesObjects.service(f)
                        : KubernetesObjects.function(f))
            .toList();
    if (format.value().equals("json")) {
      out.println(Json.indented(objects));
    } else {
      objects.forEach(object -> out.print("---\n" + YamlText.of(object)));
    }
    return ExitCode.OK;
  }
}
