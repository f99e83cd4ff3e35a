package dev.barista.watchdog;

import dev.barista.concurrency.Deadline;
import dev.barista.concurrency.GoDuration;
import dev.barista.concurrency.NanoClock;
import dev.barista.http.Answer;
import dev.barista.http.HeaderEditor;
import dev.barista.http.ProxyListener;
import dev.barista.http.ProxyOutcome;
import dev.barista.http.RequestHead;
import dev.barista.http.StreamExchange;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** One call of mode http, on the loop of its exchange. */
final class HttpCall implements ProxyListener {

  /** Longest body without a length that {@code buffer_http} keeps: it is in memory. */
  private static final int MOST_MEASURED_BYTES = 4 << 20;

  private static final Duration RETRY_PAUSE = Duration.ofMillis(10);

  private final Call call;
  private final HttpRunner runner;
  private final StreamExchange exchange;
  private final long startNanos;

  /** Absent for a stream of events, which has no end to wait for. */
  private final Optional<Duration> limit;

  // Mutable state
  private boolean ended;
  private boolean expired;

  /** Whether an attempt found nobody who listens. */
  private boolean refused;

  private String length = "-1";

  HttpCall(Call call, HttpRunner runner) {
    this.call = call;
    this.runner = runner;
    this.exchange = call.exchange();
    this.startNanos = exchange.startedNanos();
    this.limit = streams(exchange.head()) ? Optional.empty() : limit();
  }

  private Optional<Duration> limit() {
    Optional<Duration> standard = runner.config().timeouts().exec();
    Optional<Duration> asked =
        exchange
            .head()
            .header("X-Timeout")
            .flatMap(GoDuration::parse)
            .filter(Duration::isPositive)
            .filter(d -> standard.isEmpty() || d.compareTo(standard.get()) <= 0);
    return asked.or(() -> standard);
  }

  private static boolean streams(RequestHead head) {
    String accept = head.header("Accept").orElse("").toLowerCase(Locale.ROOT);
    return accept.contains("text/event-stream")
        || accept.contains("application/x-ndjson")
        || head.webSocket();
  }

  /** Starts when the length of the body is known. */
  void measureBody() {
    exchange.measureBody(MOST_MEASURED_BYTES, this::start, this::aborted);
  }

  void start() {
    exchange.onAbort(this::aborted);
    limit.ifPresent(d -> exchange.expireAt(Deadline.after(d, NanoClock.SYSTEM), this::expire));
    forward();
  }

  private void forward() {
    if (!ended) {
      exchange.proxy(runner.upstream(), runner.mode().prefix() + call.target(), this);
    }
  }

  @Override
  public void answering(int status, HeaderEditor headers) {
    runner.reached();
    headers.set("X-Duration-Seconds", seconds());
    length = headers.get("Content-Length").orElse("-1");
  }

  @Override
  public void ended(ProxyOutcome outcome) {
    switch (outcome) {
      case ProxyOutcome.Answered(int status) -> done(status);
      case ProxyOutcome.NotSent(Throwable cause, boolean _) -> notSent(cause);
      case ProxyOutcome.Broken(Throwable cause, boolean answerStarted) -> {
        runner.log().line("The function broke the connection: " + cause.getMessage());
        failed(500, "watchdog: fprocess broke the connection before its answer", answerStarted);
      }
      case ProxyOutcome.Unreached() -> unreached();
      case ProxyOutcome.Cancelled(boolean answerStarted) -> late(answerStarted);
      case ProxyOutcome.Aborted(int status) -> aborted(status);
    }
  }

  /** A process that has just started needs a moment before it listens. */
  private void notSent(Throwable cause) {
    if (runner.isStarting() && !expired) {
      refused = true;
      exchange.onAbort(this::aborted);
      exchange.later(RETRY_PAUSE, this::forward);
      return;
    }
    runner.log().line("The function can't be reached: " + cause.getMessage());
    failed(
        500,
        "watchdog: nothing accepts connections at upstream_url, " + runner.mode().upstream(),
        /* answerStarted= */ false);
  }

  private void expire() {
    if (ended) {
      return;
    }
    expired = true;
    runner.log().line("No answer within " + setting() + ".");
    exchange.cancelProxy();
    // Between two attempts there is none to cancel.
    neverListened();
  }

  /** The time was over in one more attempt, or in the kernel's line of a process that listens. */
  private void unreached() {
    if (refused && !runner.isReached()) {
      neverListened();
    } else {
      late(/* answerStarted= */ false);
    }
  }

  private void late(boolean answerStarted) {
    failed(504, "watchdog: no whole answer within " + setting(), answerStarted);
  }

  private void neverListened() {
    failed(
        500,
        "watchdog: fprocess doesn't listen at upstream_url, "
            + runner.mode().upstream()
            + ", within "
            + setting(),
        /* answerStarted= */ false);
  }

  private String setting() {
    return "exec_timeout (" + limit.map(GoDuration::show).orElse("none") + ")";
  }

  private void failed(int status, String sentence, boolean answerStarted) {
    if (!ended && !answerStarted) {
      Answer answer =
          Reply.sentence(status, sentence)
              .with("X-Duration-Seconds", seconds())
              .with("X-OpenFaaS-Internal", "of-watchdog");
      length = String.valueOf(answer.body().length);
      done(status);
      exchange.respond(answer);
    } else {
      done(status);
    }
  }

  private void aborted(int status) {
    done(status == 0 ? Runner.CLIENT_GONE : status);
  }

  private void done(int status) {
    if (ended) {
      return;
    }
    ended = true;
    call.ended().accept(status);
    if (!exchange.head().header("User-Agent").orElse("").startsWith("kube-probe")) {
      runner.log().line(accessLine(status));
    }
  }

  /** By hand: a Formatter would cost as much as the rest of the call. */
  private String accessLine(int status) {
    var line = new StringBuilder(96);
    line.append(exchange.head().method()).append(' ').append(call.target()).append(" - ");
    line.append(status).append(" - ContentLength: ").append(length).append("B (");
    line.append(Durations.seconds(System.nanoTime() - startNanos, 4)).append("s)");
    if (runner.config().options().logCallId()) {
      line.append(" [").append(exchange.head().header("X-Call-Id").orElse("none")).append(']');
    }
    return line.toString();
  }

  private String seconds() {
    return Durations.seconds(System.nanoTime() - startNanos);
  }
}
