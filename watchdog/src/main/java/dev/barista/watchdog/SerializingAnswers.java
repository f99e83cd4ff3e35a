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
 * The answers of of-watchdog's mode serializing: what a failed process has written is dropped, the
 * client learns how it ended.
 */
final class SerializingAnswers implements Answers {

  private final WatchdogConfig config;
  private final WatchdogLog log;
  private final MemoryKills memoryKills;

  SerializingAnswers(WatchdogConfig config, WatchdogLog log) {
    this.config = config;
    this.log = log;
    this.memoryKills = new MemoryKills(config.calls());
  }

  @Override
  public void beginning(Headers headers) {}

  @Override
  public Reply reply(RequestHead head, CallOutcome outcome, long startNanos) {
    return switch (outcome) {
      case CallOutcome.Ended(ExitStatus status, AnswerSpool output) -> {
        if (status.isSuccess()) {
          yield success(output, startNanos);
        }
        output.close();
        yield failure(status.describe() + memoryKills.explain(status), startNanos);
      }
      case CallOutcome.Expired(CallOutcome.Limit limit, Duration allowed) -> {
        log.line(
            "Killed process: %s (%s) has passed."
                .formatted(limit.name().toLowerCase(Locale.ROOT), GoDuration.show(allowed)));
        yield failure("signal: killed", startNanos);
      }
      case CallOutcome.Cancelled() -> {
        log.line("Killed process: nobody waits for its answer.");
        yield new Reply.Nobody();
      }
      case CallOutcome.Unkept(IOException reason) ->
          failure(AnswerSpool.unkept(reason), startNanos);
    };
  }

  @Override
  public Reply notStarted(SpawnException failure, long startNanos) {
    return failure(failure.getMessage(), startNanos);
  }

  private Reply success(AnswerSpool output, long startNanos) {
    Headers headers =
        Headers.of(
            "Content-Type",
            config.contentType().orElseThrow(),
            "X-Duration-Seconds",
            Durations.seconds(System.nanoTime() - startNanos));
    return output.isInMemory()
        ? new Reply.Whole(new Answer(200, headers, output.bytesAfter(new byte[0])))
        : new Reply.Spooled(200, headers, "", output);
  }

  private Reply failure(String error, long startNanos) {
    log.line("Failed: " + error);
    Headers headers =
        Headers.of(
            "Content-Type",
            "text/plain; charset=utf-8",
            "X-Duration-Seconds",
            Durations.seconds(System.nanoTime() - startNanos));
    return new Reply.Whole(new Answer(500, headers, error.getBytes(UTF_8)));
  }
}
