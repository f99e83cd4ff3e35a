package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** {@code barista list}: a line for each function. */
final class ListCommand extends GatewayCommand {

  private static final String JSON = "json";

  private final Option.Flag verbose =
      options.flag("Show image and creation time too.", "-v", "--verbose");
  private final Option.Flag quiet = options.flag("Show names only.", "-q", "--quiet");
  private final Option.Choice sort =
      options.choice(List.of("name", "invocations", "creation"), "Order of the lines.", "--sort");
  private final Option.Choice format =
      options.choice(List.of("table", JSON), "Form of the output.", "-o", "--output");
  private final Option.Flag json = options.flag("The same as -o json.", "-j", "--json");

  ListCommand(Terminal terminal) {
    super(terminal, new OptionSet("list", "List functions.", /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    List<JsonObject> functions =
        fetch(gateway(), namespaceQuery("?")).stream().sorted(order(sort.value())).toList();
    if (json.on() || format.value().equals(JSON)) {
      out.println(Json.indented(functions));
    } else if (quiet.on()) {
      functions.forEach(function -> out.println(nameOf(function)));
    } else {
      out.print(verbose.on() ? verboseTable(functions) : table(functions));
    }
    return ExitCode.OK;
  }

  /** Plain lambdas: those of {@code Comparator.comparing} are linked at each start. */
  private static Comparator<JsonObject> order(String word) {
    return switch (word) {
      case "invocations" -> (a, b) -> Long.compare(count(b), count(a));
      case "creation" -> (a, b) -> createdAt(a).compareTo(createdAt(b));
      default -> (a, b) -> nameOf(a).compareTo(nameOf(b));
    };
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
      row(text, nameOf(function), Long.toString(count(function)), replicas(function));
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
          Long.toString(count(function)),
          replicas(function),
          createdAt(function));
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
    return function.shown("name");
  }

  private static String image(JsonObject function) {
    return function.shown("image");
  }

  private static long count(JsonObject function) {
    return function.count("invocationCount");
  }

  private static String createdAt(JsonObject function) {
    return function.shown("createdAt");
  }

  /** The desired ones, as faas-cli shows them. */
  private static String replicas(JsonObject function) {
    return Long.toString(function.count("replicas"));
  }
}
