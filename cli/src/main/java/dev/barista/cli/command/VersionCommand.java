package dev.barista.cli.command;

import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.Version;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code barista version}: this program's, the gateway's and its provider's. */
final class VersionCommand extends GatewayCommand {

  private final Option.Flag shortVersion =
      options.flag("Show the version of this program only.", "--short-version");

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  VersionCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "version",
            "Show the versions of this program and of the gateway.",
            /* mostWords= */ 0));
  }

  @Override
  int run() throws IOException {
    if (shortVersion.on()) {
      out.println(Version.text());
      return ExitCode.OK;
    }
    Gateway gateway = gateway();
    Optional<JsonObject> info = Optional.empty();
    String trouble = "";
    try {
      info = info(gateway);
    } catch (CliException e) {
      trouble = String.valueOf(e.getMessage());
    }
    if (format.value().equals("json")) {
      out.println(Json.indented(json(gateway, info)));
    } else {
      out.println("CLI:");
      out.println(" version: " + Version.text());
      info.ifPresent(known -> print(gateway, known));
    }
    if (!trouble.isEmpty()) {
      err.println(trouble); // one's own version is an answer too
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> json(Gateway gateway, Optional<JsonObject> info) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("cli", Map.of("version", Version.text()));
    if (info.isPresent()) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("uri", gateway.url().text());
      about.put("version", info.get().object("version"));
      json.put("gateway", about);
      json.put("provider", info.get().object("provider"));
    }
    return json;
  }

  private static Optional<JsonObject> info(Gateway gateway) throws IOException {
    try (HttpAnswer answer = gateway.system("GET", "/system/info")) {
      String body = answer.text();
      if (answer.status() != 200) {
        throw gateway.refusal(answer, body);
      }
      return Json.object(body);
    }
  }

  private void print(Gateway gateway, JsonObject info) {
    JsonObject provider = info.object("provider");
    out.println();
    out.println("Gateway:");
    out.println(" uri:     " + gateway.url());
    out.println(" version: " + known(info.object("version"), "release"));
    out.println(" sha:     " + known(info.object("version"), "sha"));
    out.println();
    out.println("Provider:");
    out.println(" name:          " + known(provider, "provider"));
    out.println(" orchestration: " + known(provider, "orchestration"));
    out.println(" version:       " + known(provider.object("version"), "release"));
    out.println(" sha:           " + known(provider.object("version"), "sha"));
  }

  private static String known(JsonObject about, String key) {
    return about.text(key).map(Printable::line).orElse("unknown");
  }
}
