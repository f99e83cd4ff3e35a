package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.http.Answer;
import dev.barista.http.StreamExchange;
import java.time.Duration;
import java.util.Optional;

/** The sentences of the ways in which the gateway fails a call. */
final class InvocationFailures {

  private static final String GATEWAY = "gateway";
  private static final String UPSTREAM_TIMEOUT = "upstream-timeout";
  private static final String EXEC_TIMEOUT = "exec_timeout";

  /** A line that is full now has room soon: calls end, replicas are added. */
  private static final String RETRY_SECONDS = "1";

  private InvocationFailures() {}

  /** The words of OpenFaaS's watchdogs, whose promise the gateway keeps here. */
  static FaasException concurrencyLimit(int most) {
    return new FaasException(
        ErrorCode.TOO_MANY_REQUESTS,
        "faas-middleware",
        "Concurrent request limit exceeded. Max concurrent requests: " + most);
  }

  /**
   * The words of OpenFaaS's providers.
   *
   * @param setting that keeps calls from being held
   */
  static FaasException noEndpoints(FunctionName name, String setting) {
    return new FaasException(
        ErrorCode.NO_REPLICA,
        GATEWAY,
        "No endpoints available for: " + name.name() + ".",
        setting,
        null);
  }

  /** Begins with the words of Knative's queue-proxy. */
  static FaasException lineFull(FunctionName name, Place.Full line) {
    return new FaasException(
        ErrorCode.QUEUE_FULL,
        GATEWAY,
        "pending request queue full: " + line.calls() + " calls wait already for " + name,
        line.setting(),
        null);
  }

  static FaasException notReady(
      FunctionName name, InvokeConfig config, boolean startLimit, Optional<String> why) {
    Duration limit = startLimit ? config.holdLimit().time() : config.upstreamTimeout();
    return new FaasException(
        startLimit ? ErrorCode.START_TIMEOUT : ErrorCode.UPSTREAM_TIMEOUT,
        GATEWAY,
        "no replica of "
            + name
            + " became ready within "
            + text(limit)
            + why.map(reason -> ": " + reason).orElse(""),
        startLimit ? config.holdLimit().setting() : UPSTREAM_TIMEOUT,
        null);
  }

  /**
   * @param own the function's time, where that is what ended; else it is the platform's
   */
  static FaasException noTurn(
      FunctionName name, InvokeConfig config, int most, Optional<Duration> own) {
    return new FaasException(
        own.isPresent() ? ErrorCode.EXEC_TIMEOUT : ErrorCode.UPSTREAM_TIMEOUT,
        GATEWAY,
        "the call waited "
            + text(own.orElse(config.upstreamTimeout()))
            + " for its turn: every replica of "
            + name
            + " is at its limit of "
            + most
            + (most == 1 ? " call" : " calls"),
        own.isPresent() ? EXEC_TIMEOUT : UPSTREAM_TIMEOUT,
        null);
  }

  static FaasException execTimeout(FunctionName name, Duration limit) {
    return new FaasException(
        ErrorCode.EXEC_TIMEOUT,
        GATEWAY,
        "function " + name + " did not complete its answer within " + text(limit),
        EXEC_TIMEOUT,
        null);
  }

  static FaasException upstreamTimeout(FunctionName name, InvokeConfig config) {
    return new FaasException(
        ErrorCode.UPSTREAM_TIMEOUT,
        GATEWAY,
        "the call to " + name + " did not end within " + text(config.upstreamTimeout()),
        UPSTREAM_TIMEOUT,
        null);
  }

  static FaasException unreachable(FunctionName name) {
    return new FaasException(
        ErrorCode.REPLICA_FAILED, GATEWAY, "no replica of " + name + " accepts a connection");
  }

  static FaasException broken(FunctionName name, Throwable cause) {
    return new FaasException(
        ErrorCode.REPLICA_FAILED,
        GATEWAY,
        "a replica of " + name + " ended or broke the connection before its answer was complete",
        null,
        cause);
  }

  static FaasException internal(RuntimeException cause) {
    return new FaasException(
        ErrorCode.INTERNAL, GATEWAY, "the gateway failed; its log tells why", null, cause);
  }

  static FaasException cancelled() {
    return new FaasException(ErrorCode.INTERNAL, GATEWAY, "the call was cancelled");
  }

  /** A failure with the headers that every answered call has. */
  static Answer answer(
      InvocationContext context,
      StreamExchange exchange,
      FaasException reason,
      String startTime,
      Optional<String> duration) {
    Answer answer =
        context
            .errors()
            .answer(exchange.head(), exchange.callId(), reason)
            .with(InvocationHeaders.START_TIME.toString(), startTime)
            .with(InvocationHeaders.SERVED_BY.toString(), context.servedBy());
    if (reason.code() == ErrorCode.QUEUE_FULL) {
      answer = answer.with("Retry-After", RETRY_SECONDS);
    }
    return duration.isEmpty()
        ? answer
        : answer.with(InvocationHeaders.DURATION.toString(), duration.get());
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
