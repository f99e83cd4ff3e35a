package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code barista list}: a line for each function. */
@Command(description = "List functions.", sortOptions = false)
final class ListCommand extends GatewayCommand {

  /** Order of the lines; the words of {@code --sort}. */
  @SuppressWarnings("ImmutableEnumChecker") // the comparators hold no state
  enum Order {
    name(Comparator.comparing(ListCommand::nameOf)),
    invocations(Comparator.comparingLong((JsonObject f) -> f.count("invocationCount")).reversed()),
    creation(Comparator.comparing(f -> f.text("createdAt").orElse("")));

    private final Comparator<JsonObject> comparator;

    Order(Comparator<JsonObject> comparator) {
      this.comparator = comparator.thenComparing(ListCommand::nameOf);
    }
  }

  /** Form of the output; the words of {@code -o}. */
  enum Format {
    table,
    json
  }

  @Option(
      names = {"-v", "--verbose"},
      description = "Show image and creation time too.")
  private boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show names only.")
  private boolean quiet;

  @Option(names = "--sort", paramLabel = "ORDER", description = "name, invocations or creation.")
  private Order sort = Order.name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table or json.")
  private Format format = Format.table;

  @Option(
      names = {"-j", "--json"},
      description = "The same as -o json.")
  private boolean json;

  ListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    List<JsonObject> functions =
        fetch(gateway(), namespaceQuery("?")).stream().sorted(sort.comparator).toList();
    if (json || format == Format.json) {
      out.println(Json.indented(functions));
    } else if (quiet) {
      functions.forEach(function -> out.println(nameOf(function)));
    } else {
      out.print(verbose ? verboseTable(functions) : table(functions));
    }
    return ExitCode.OK;
  }

  static List<JsonObject> fetch(Gateway gateway, String query) throws IOException {
    try (HttpAnswer answer = gateway.system("GET", "/system/functions" + query)) {
      String body = answer.text();
      if (answer.status() != 200) {
        throw gateway.refusal(answer, body);
      }
      return Json.objects(body)
          .orElseThrow(
              () -> CliException.failed("What answers at " + gateway.url() + " is no gateway."));
    }
  }

  private static String table(List<JsonObject> functions) {
    StringBuilder text = new StringBuilder();
    row(text, "Function", "Invocations", "Replicas");
    for (JsonObject function : functions) {
      row(text, nameOf(function), count(function), replicas(function));
    }
    return text.toString();
  }

  private static String verboseTable(List<JsonObject> functions) {
    int width = 30;
    for (JsonObject function : functions) {
      width = Math.max(width, image(function).length());
    }
    StringBuilder text = new StringBuilder();
    verboseRow(text, width, "Function", "Image", "Invocations", "Replicas", "CreatedAt");
    for (JsonObject function : functions) {
      verboseRow(
          text,
          width,
          nameOf(function),
          image(function),
          count(function),
          replicas(function),
          function.text("createdAt").orElse(""));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String name, String invocations, String replicas) {
    pad(text, name, 30).append('\t');
    pad(text, invocations, 15).append('\t');
    pad(text, replicas, 5).append('\n');
  }

  private static void verboseRow(
      StringBuilder text,
      int imageWidth,
      String name,
      String image,
      String invocations,
      String replicas,
      String createdAt) {
    pad(text, name, 30).append('\t');
    pad(text, image, imageWidth).append('\t');
    pad(text, invocations, 15).append('\t');
    pad(text, replicas, 5).append('\t');
    text.append(createdAt).append('\n');
  }

  /** {@code String.format} would cost a fresh process 10 ms. */
  private static StringBuilder pad(StringBuilder text, String value, int width) {
    return text.append(value).repeat(' ', Math.max(0, width - value.length()));
  }

  static String nameOf(JsonObject function) {
    return function.text("name").orElse("");
  }

  private static String image(JsonObject function) {
    return function.text("image").orElse("");
  }

  private static String count(JsonObject function) {
    return Long.toString(function.count("invocationCount"));
  }

  /** The desired ones, as faas-cli shows them. */
  private static String replicas(JsonObject function) {
    return Long.toString(function.count("replicas"));
  }
}
