package dev.barista.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * {@code barista logs}: what the replicas of a function wrote, line by line as the gateway sends
 * them. Keeps one line at a time.
 */
final class LogsCommand extends GatewayCommand {

  /** A longer line is cut: it may have no end. */
  private static final int MAX_LINE_BYTES = 1 << 20;

  private final Option.Flag follow =
      options.flag("Go on with new lines until you end it.", "-f", "--follow");

  private final Option.Count tail =
      options.count(
          -1,
          -1,
          Integer.MAX_VALUE,
          "Only the last N lines; -1, all, unless given.",
          "--lines",
          "--tail");

  private final Option.Text since =
      options.text("TIME", "Only lines of the last such time, as 5m or 1h30m.", "--since");

  private final Option.Text sinceTime =
      options.text(
          "TIMESTAMP", "Only lines from then on, as 2026-01-31T12:00:00Z.", "--since-time");

  private final Option.Text instance =
      options.text("REPLICA", "Only lines of that replica; describe lists them.", "--instance");

  private final Option.Choice format =
      options.choice(List.of("plain", "keyvalue", "json"), "Form of the lines.", "-o", "--output");

  LogsCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "logs FUNCTION", "Show what a function's replicas wrote.", /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    FunctionName name = function();
    String query = query(name);
    Gateway gateway = gateway();
    try (HttpAnswer answer = gateway.stream("/system/logs?" + query)) {
      switch (answer.status()) {
        case 200 -> copy(answer.body());
        case 404 -> throw notFound(gateway, name, answer.text());
        case 501 -> throw noLogs(gateway);
        default -> throw gateway.refusal(answer, answer.text());
      }
    }
    return ExitCode.OK;
  }

  /** A gateway without that route says so in OpenFaaS's words. */
  private static CliException notFound(Gateway gateway, FunctionName name, String body) {
    return body.startsWith("404 page not found")
        ? noLogs(gateway)
        : CliException.failed("No such function: " + name);
  }

  private static CliException noLogs(Gateway gateway) {
    return CliException.failed("The gateway at " + gateway.url() + " keeps no logs.");
  }

  private String query(FunctionName name) {
    StringBuilder query =
        new StringBuilder("name=" + name.name() + "&namespace=" + name.namespace());
    query.append("&follow=").append(follow.on());
    if (tail.value() > 0) {
      query.append("&tail=").append(tail.value());
    }
    from().ifPresent(time -> query.append("&since=").append(encode(time.toString())));
    instance.value().ifPresent(replica -> query.append("&instance=").append(encode(replica)));
    return query.toString();
  }

  private Optional<Instant> from() {
    if (since.given() && sinceTime.given()) {
      throw CliException.usage("--since and --since-time exclude each other");
    }
    if (sinceTime.given()) {
      String text = sinceTime.value().orElseThrow();
      try {
        return Optional.of(Instant.parse(text));
      } catch (DateTimeParseException e) {
        throw CliException.usage(
            "--since-time: \"" + text + "\" (expected: such as 2026-01-31T12:00:00Z)");
      }
    }
    if (tail.value() == 0 && !since.given()) {
      return Optional.of(Instant.now()); // to a gateway 0 means all
    }
    return since.value().map(text -> Instant.now().minus(Durations.parse("--since", text)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private void copy(InputStream body) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 << 10];
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          show(line.toString(UTF_8));
          line.reset();
        } else if (line.size() < MAX_LINE_BYTES) {
          line.write(buffer[i]);
        }
      }
      out.flush();
      if (out.checkError()) {
        return; // as with "| head": nobody reads any more
      }
    }
    show(line.toString(UTF_8));
  }

  private void show(String line) {
    if (line.isBlank()) {
      return;
    }
    JsonObject message =
        Json.object(line)
            .orElseThrow(() -> CliException.failed("The gateway sent a line that is no log."));
    out.println(
        switch (format.value()) {
          case "json" -> line.strip();
          case "keyvalue" -> keyValue(message);
          default -> plain(message);
        });
  }

  private static String plain(JsonObject message) {
    return message.shown("timestamp")
        + " "
        + message.shown("name")
        + " ("
        + message.shown("instance")
        + ") "
        + Printable.lineWithTabs(field(message, "text"));
  }

  private static String keyValue(JsonObject message) {
    StringBuilder text = new StringBuilder();
    for (String key : List.of("timestamp", "name", "instance", "text")) {
      text.append(text.isEmpty() ? "" : " ").append(key).append('=');
      text.append(Json.write(field(message, key)));
    }
    return text.toString();
  }

  /** Without a line's own end: each is printed on a line. */
  private static String field(JsonObject message, String key) {
    return message.text(key).orElse("").stripTrailing();
  }
}
