package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.concurrency.GoDuration;
import dev.barista.http.Answer;
import dev.barista.http.Headers;
import dev.barista.http.RequestHead;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.SpawnException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Turns the end of a call's process into the answer and the log lines of classic mode. Thread-safe.
 */
final class ClassicAnswers implements Answers {

  private static final String TEXT = "text/plain; charset=utf-8";

  private final WatchdogConfig config;
  private final WatchdogLog log;
  private final MemoryKills memoryKills;

  ClassicAnswers(WatchdogConfig config, WatchdogLog log) {
    this.config = config;
    this.log = log;
    this.memoryKills = new MemoryKills(config.calls());
  }

  @Override
  public void beginning(Headers headers) {
    showHeaders(">", headers);
    log.line("Forking fprocess.");
  }

  @Override
  public Reply reply(RequestHead head, CallOutcome outcome, long startNanos) {
    return switch (outcome) {
      case CallOutcome.Ended(ExitStatus status, AnswerSpool output) ->
          status.isSuccess() ? success(head, output, startNanos) : failure(status, output);
      case CallOutcome.Expired(CallOutcome.Limit limit, Duration allowed) ->
          expired(limit, allowed);
      case CallOutcome.Cancelled() -> {
        log.line("Killed process: nobody waits for its answer.");
        yield new Reply.Nobody();
      }
      case CallOutcome.Unkept(IOException reason) -> {
        String sentence = AnswerSpool.unkept(reason);
        log.line("Killed process: " + sentence);
        yield Reply.text(500, "watchdog: " + sentence);
      }
    };
  }

  @Override
  public Reply notStarted(SpawnException failure, long startNanos) {
    log.line("Could not start fprocess: " + failure.getMessage());
    return Reply.text(500, failure.getMessage());
  }

  private void showHeaders(String direction, Headers headers) {
    if (config.options().debugHeaders()) {
      headers.fields().forEach(f -> log.line(direction + " " + f.name() + ": " + f.value()));
    }
  }

  private Reply success(RequestHead head, AnswerSpool output, long startNanos) {
    String seconds = Durations.seconds(System.nanoTime() - startNanos);
    if (config.options().writeDebug()) {
      show(output);
      log.line("Duration: " + seconds + "s");
    } else {
      log.line("Wrote " + output.length() + " Bytes - Duration: " + seconds + "s");
    }
    Headers headers =
        Headers.of("Content-Type", contentType(head, output), "X-Duration-Seconds", seconds);
    return reply(200, headers, "", output);
  }

  private Reply failure(ExitStatus status, AnswerSpool output) {
    String error = status.describe() + memoryKills.explain(status);
    log.line("Failed: " + error);
    return reply(500, Headers.of("Content-Type", TEXT), error + "\n", output);
  }

  private Reply reply(int status, Headers headers, String beginning, AnswerSpool output) {
    showHeaders("<", headers);
    return output.isInMemory()
        ? new Reply.Whole(new Answer(status, headers, output.bytesAfter(beginning.getBytes(UTF_8))))
        : new Reply.Spooled(status, headers, beginning, output);
  }

  private void show(AnswerSpool output) {
    try {
      output.writeTo(log.stream());
    } catch (IOException failure) {
      log.line("The answer can't be shown: " + failure.getMessage());
    }
  }

  private Reply expired(CallOutcome.Limit limit, Duration allowed) {
    String setting = limit.name().toLowerCase(Locale.ROOT) + " (" + GoDuration.show(allowed) + ")";
    log.line("Killed process: " + setting + " has passed.");
    return switch (limit) {
      case EXEC_TIMEOUT -> Reply.text(408, "Killed process.");
      case WRITE_TIMEOUT ->
          Reply.text(504, "watchdog: no answer within " + setting + ", killed process");
    };
  }

  private String contentType(RequestHead head, AnswerSpool output) {
    return config
        .contentType()
        .or(() -> head.header("Content-Type"))
        .orElseGet(() -> ContentSniffer.guess(output.beginning(ContentSniffer.BYTES)));
  }
}
