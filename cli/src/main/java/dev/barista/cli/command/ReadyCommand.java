package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code barista ready}: waits for the gateway, or for a replica of a function. For scripts. */
final class ReadyCommand extends GatewayCommand {

  private static final int TRIES = 60;

  private final Option.Count attempts =
      options.count(TRIES, 1, 1_000_000, "How often to look; 60 unless given.", "--attempts");

  private final Option.Text interval =
      options.text("TIME", "Between two looks; 1s unless given.", "--interval");

  private final Option.Flag quiet = options.flag("Say nothing but failures.", "-q", "--quiet");

  private final Report report = Report.of(options);

  ReadyCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "ready [FUNCTION]",
            "Wait until the gateway answers, or a function has a ready replica.",
            /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    Duration pause = Durations.parse("--interval", interval.value().orElse("1s"));
    Optional<FunctionName> function =
        options.words().isEmpty() ? Optional.empty() : Optional.of(function());
    String subject = function.map(name -> "Function " + name).orElse("Gateway");
    Gateway gateway = gateway();
    String reason = "";
    for (int i = 1; i <= attempts.value(); i++) {
      reason = function.isPresent() ? look(gateway, function.get()) : look(gateway);
      if (reason.isEmpty()) {
        tell(i, subject + " is ready");
        add(function, i, reason);
        return report.endWithOne(terminal, ExitCode.OK);
      }
      tell(i, subject + " is not ready: " + reason);
      if (i < attempts.value()) {
        rest(pause);
      }
    }
    add(function, attempts.value(), reason);
    report.endWithOne(terminal, ExitCode.FAILED);
    throw CliException.failed(
        subject + " is not ready after " + attempts.value() + " looks: " + reason);
  }

  private void add(Optional<FunctionName> function, int looks, String reason) {
    report.add(
        "subject",
        function.map(FunctionName::toString).orElse("gateway"),
        "ready",
        reason.isEmpty(),
        "looks",
        looks,
        "reason",
        reason);
  }

  private void tell(int attempt, String sentence) {
    if (!quiet.on()) {
      report.sentences(terminal).println("[" + attempt + "/" + attempts.value() + "] " + sentence);
    }
  }

  /** Why it isn't; empty when it is. A gateway that doesn't answer may come yet. */
  private static String look(Gateway gateway) {
    try (HttpAnswer answer = gateway.system("GET", "/healthz")) {
      return answer.status() == 200 ? "" : "its health is " + answer.status();
    } catch (CliException | IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String look(Gateway gateway, FunctionName name) throws IOException {
    String path = "/system/function/" + name.name() + "?namespace=" + name.namespace();
    try (HttpAnswer answer = gateway.system("GET", path)) {
      String body = answer.text();
      return switch (answer.status()) {
        case 200 ->
            Json.object(body).map(status -> status.count("availableReplicas")).orElse(0L) > 0
                ? ""
                : "it has no ready replica";
        case 404 -> "there is no such function";
        case 401, 403 -> throw gateway.refusal(answer, body);
        default -> "the gateway answered " + answer.status();
      };
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
