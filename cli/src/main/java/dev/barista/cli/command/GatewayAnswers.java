package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import java.io.IOException;
import java.util.List;

/** JSON that the gateway is asked for, and how parts of it are shown. */
final class GatewayAnswers {

  private GatewayAnswers() {}

  /**
   * @throws CliException when the gateway refuses, or knows no such path, as OpenFaaS's own
   */
  static JsonObject object(Gateway gateway, String pathAndQuery) throws IOException {
    return Json.object(text(gateway, pathAndQuery)).orElseThrow(() -> noGateway(gateway));
  }

  /** The same of a list. */
  static List<JsonObject> objects(Gateway gateway, String pathAndQuery) throws IOException {
    return Json.objects(text(gateway, pathAndQuery)).orElseThrow(() -> noGateway(gateway));
  }

  private static String text(Gateway gateway, String pathAndQuery) throws IOException {
    try (HttpAnswer answer = gateway.system("GET", pathAndQuery)) {
      String body = answer.text();
      if (answer.status() == 200) {
        return body;
      }
      throw answer.status() == 404
          ? notFound(gateway, answer, body)
          : gateway.refusal(answer, body);
    }
  }

  private static CliException notFound(Gateway gateway, HttpAnswer answer, String body) {
    return switch (answer.header("X-Barista-Error").orElse("")) {
      case "" ->
          CliException.failed(
              "The gateway at " + gateway.url() + " can't tell (404): it is no Barista.");
      case "function_not_found" ->
          CliException.failed(
              "No such function: "
                  + Printable.line(body.substring(body.lastIndexOf(' ') + 1).strip()));
      default -> gateway.refusal(answer, body);
    };
  }

  private static CliException noGateway(Gateway gateway) {
    return CliException.failed("What answers at " + gateway.url() + " is no gateway.");
  }

  /** {@code NAME}, or {@code NAME.NAMESPACE} outside the default namespace. */
  static String functionName(JsonObject function) {
    String name = function.shown("name");
    String namespace = function.text("namespace").orElse(FunctionName.DEFAULT_NAMESPACE);
    return namespace.equals(FunctionName.DEFAULT_NAMESPACE)
        ? name
        : name + "." + Printable.line(namespace);
  }

  /** With one decimal at most; {@code String.format} would cost a fresh process 10 ms. */
  static String decimal(double value) {
    String text = Double.toString(Math.round(value * 10) / 10.0);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** A time without its fraction of a second. */
  static String seconds(String time) {
    int dot = time.indexOf('.');
    return dot < 0 ? time : time.substring(0, dot) + "Z";
  }
}
