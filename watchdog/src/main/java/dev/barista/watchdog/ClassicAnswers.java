package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.SpawnException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;

/** Turns the end of a call's process into the HTTP answer and the log lines of classic mode. */
final class ClassicAnswers {

  private static final int CLIENT_GONE = 499;
  private static final String TEXT = "text/plain; charset=utf-8";

  private final WatchdogConfig config;
  private final WatchdogLog log;
  private final MemoryKills memoryKills;

  ClassicAnswers(WatchdogConfig config, WatchdogLog log) {
    this.config = config;
    this.log = log;
    this.memoryKills = new MemoryKills(config.calls());
  }

  /**
   * @param startNanos when the process was started
   * @return the status that was sent
   */
  int answer(Exchange exchange, CallOutcome outcome, long startNanos) throws IOException {
    return switch (outcome) {
      case CallOutcome.Ended(ExitStatus status, AnswerSpool output) -> {
        try (output) {
          yield status.isSuccess()
              ? success(exchange, output, startNanos)
              : failure(exchange, status, output);
        }
      }
      case CallOutcome.Expired(CallOutcome.Limit limit, Duration allowed) ->
          expired(exchange, limit, allowed);
      case CallOutcome.Cancelled() -> {
        log.line("Killed process: nobody waits for its answer.");
        yield CLIENT_GONE;
      }
      case CallOutcome.Unkept(IOException reason) -> {
        log.line("Killed process: its answer could not be kept: " + reason.getMessage());
        yield text(exchange, 500, "watchdog: the answer could not be kept in TMPDIR");
      }
    };
  }

  int notStarted(Exchange exchange, SpawnException failure) throws IOException {
    log.line("Could not start fprocess: " + failure.getMessage());
    return text(exchange, 500, failure.getMessage());
  }

  /** Answers with a sentence and a line break. */
  int text(Exchange exchange, int status, String sentence) throws IOException {
    exchange.respond(status, Headers.of("Content-Type", TEXT), (sentence + "\n").getBytes(UTF_8));
    return status;
  }

  void showHeaders(String direction, Headers headers) {
    if (config.options().debugHeaders()) {
      headers.fields().forEach(f -> log.line(direction + " " + f.name() + ": " + f.value()));
    }
  }

  private int success(Exchange exchange, AnswerSpool output, long startNanos) throws IOException {
    String seconds = seconds(System.nanoTime() - startNanos);
    if (config.options().writeDebug()) {
      output.writeTo(log.stream());
      log.line("Duration: " + seconds + "s");
    } else {
      log.line("Wrote " + output.length() + " Bytes - Duration: " + seconds + "s");
    }
    Headers headers =
        Headers.of("Content-Type", contentType(exchange, output), "X-Duration-Seconds", seconds);
    return send(exchange, 200, headers, "", output);
  }

  private int failure(Exchange exchange, ExitStatus status, AnswerSpool output) throws IOException {
    String error = status.describe() + memoryKills.explain(status);
    log.line("Failed: " + error);
    return send(exchange, 500, Headers.of("Content-Type", TEXT), error + "\n", output);
  }

  private int send(Exchange exchange, int status, Headers headers, String first, AnswerSpool output)
      throws IOException {
    showHeaders("<", headers);
    byte[] beginning = first.getBytes(UTF_8);
    if (output.isInMemory()) {
      exchange.respond(status, headers, output.bytesAfter(beginning));
      return status;
    }
    String length = String.valueOf(beginning.length + output.length());
    try (OutputStream body = exchange.respond(status, headers.with("Content-Length", length))) {
      body.write(beginning);
      output.writeTo(body);
    }
    return status;
  }

  private int expired(Exchange exchange, CallOutcome.Limit limit, Duration allowed)
      throws IOException {
    String setting = limit.name().toLowerCase(Locale.ROOT) + " (" + GoDuration.show(allowed) + ")";
    log.line("Killed process: " + setting + " has passed.");
    return switch (limit) {
      case EXEC_TIMEOUT -> text(exchange, 408, "Killed process.");
      case WRITE_TIMEOUT ->
          text(exchange, 504, "watchdog: no answer within " + setting + ", killed process");
    };
  }

  private String contentType(Exchange exchange, AnswerSpool output) {
    return config
        .contentType()
        .or(() -> exchange.head().header("Content-Type"))
        .orElseGet(() -> ContentSniffer.guess(output.beginning(ContentSniffer.BYTES)));
  }

  /** {@code 0.001234}: always six decimals. By hand, since a Formatter costs 20 times as much. */
  static String seconds(long nanos) {
    long micros = (nanos + 500) / 1000;
    String fraction = String.valueOf(1_000_000 + micros % 1_000_000).substring(1);
    return micros / 1_000_000 + "." + fraction;
  }
}
