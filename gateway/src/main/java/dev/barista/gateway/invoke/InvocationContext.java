package dev.barista.gateway.invoke;

import dev.barista.concurrency.Deadline;
import dev.barista.concurrency.NanoClock;
import dev.barista.gateway.errors.ErrorAnswers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What all invocations share. Immutable. */
final class InvocationContext {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ErrorAnswers errors;
  private final InvokeConfig config;
  private final InstantSource clock;
  private final NanoClock timer;
  private final String agent;
  private final String servedBy;

  InvocationContext(
      ErrorAnswers errors, InvokeConfig config, InstantSource clock, NanoClock timer) {
    this.errors = errors;
    this.config = config;
    this.clock = clock;
    this.timer = timer;
    this.agent = "barista-gateway/" + config.version();
    this.servedBy = "barista/" + config.version();
  }

  ErrorAnswers errors() {
    return errors;
  }

  InvokeConfig config() {
    return config;
  }

  Deadline deadlineAfter(Duration timeout) {
    return Deadline.after(timeout, timer);
  }

  /** For a request whose client has no {@code User-Agent}. */
  String agent() {
    return agent;
  }

  /** Whom an answer names as {@code X-Served-By}. */
  String servedBy() {
    return servedBy;
  }

  /** Nanoseconds since 1970, as {@code X-Start-Time} has them. */
  String startTime() {
    Instant now = clock.instant();
    return Long.toString(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
  }
}
