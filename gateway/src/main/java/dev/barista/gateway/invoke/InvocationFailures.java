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

  private InvocationFailures() {}

  /** The words of OpenFaaS's watchdogs, whose promise the gateway keeps here. */
  static FaasException concurrencyLimit(int most) {
    return new FaasException(
        ErrorCode.TOO_MANY_REQUESTS,
        "faas-middleware",
        "Concurrent request limit exceeded. Max concurrent requests: " + most);
  }

  /** The words of OpenFaaS's providers. */
  static FaasException noEndpoints(FunctionName name) {
    return new FaasException(
        ErrorCode.NO_REPLICA,
        GATEWAY,
        "No endpoints available for: " + name.name() + ".",
        "scale-from-zero",
        null);
  }

  static FaasException lineFull(FunctionName name, InvokeConfig config) {
    return new FaasException(
        ErrorCode.QUEUE_FULL,
        GATEWAY,
        config.maxHeldCalls() + " calls wait already for a replica of " + name,
        "max-held-calls",
        null);
  }

  static FaasException notReady(
      FunctionName name, InvokeConfig config, boolean startLimit, Optional<String> why) {
    Duration limit = startLimit ? config.startTimeout() : config.upstreamTimeout();
    return new FaasException(
        startLimit ? ErrorCode.START_TIMEOUT : ErrorCode.UPSTREAM_TIMEOUT,
        GATEWAY,
        "no replica of "
            + name
            + " became ready within "
            + text(limit)
            + why.map(reason -> ": " + reason).orElse(""),
        startLimit ? "start-timeout" : "upstream-timeout",
        null);
  }

  static FaasException execTimeout(FunctionName name, Duration limit) {
    return new FaasException(
        ErrorCode.EXEC_TIMEOUT,
        GATEWAY,
        "function " + name + " did not complete its answer within " + text(limit),
        "exec_timeout",
        null);
  }

  static FaasException upstreamTimeout(FunctionName name, InvokeConfig config) {
    return new FaasException(
        ErrorCode.UPSTREAM_TIMEOUT,
        GATEWAY,
        "the call to " + name + " did not end within " + text(config.upstreamTimeout()),
        "upstream-timeout",
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
