package dev.barista.provider.process;

import dev.barista.api.FaasException;
import dev.barista.concurrency.GoDuration;
import dev.barista.provider.process.RunPlan.Kind;
import dev.barista.provider.spi.InvocationPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the watchdog among a function's variables, and what the gateway keeps of them. A
 * watchdog doesn't start with one that makes no sense, so it is refused at deploy: else its author
 * would learn of it from replicas that end. An empty value is the default, as for the watchdog.
 */
final class WatchdogSettings {

  /** of-watchdog's. */
  private static final Duration DEFAULT_EXEC_TIMEOUT = Duration.ofSeconds(30);

  private static final List<String> DURATIONS =
      List.of("exec_timeout", "healthcheck_interval", "read_timeout", "write_timeout");

  /** Durations without which a connection would be for ever. */
  private static final List<String> POSITIVE = List.of("read_timeout", "write_timeout");

  private static final List<String> FLAGS =
      List.of(
          "jwt_auth",
          "jwt_auth_debug",
          "jwt_auth_local",
          "log_call_id",
          "log_callid",
          "prefix_logs",
          "suppress_lock");

  private static final List<String> CLASSIC_FLAGS =
      List.of("cgi_headers", "combine_output", "debug_headers", "marshal_request", "write_debug");

  private static final List<String> HTTP_FLAGS = List.of("buffer_http", "http_buffer_req_body");

  private final Kind kind;
  private final Map<String, String> environment;

  private WatchdogSettings(Kind kind, Map<String, String> environment) {
    this.kind = kind;
    this.environment = environment;
  }

  /**
   * Looks at those that count for this kind: the others are the function's own business.
   *
   * @throws FaasException {@code BAD_REQUEST} naming the variable
   */
  static WatchdogSettings valid(Kind kind, Map<String, String> environment) {
    var settings = new WatchdogSettings(kind, environment);
    settings.requireValid();
    return settings;
  }

  private void requireValid() {
    switch (kind) {
      case Kind.OwnSocket _, Kind.OwnPort _ -> {
        requireDuration("exec_timeout");
        HTTP_FLAGS.forEach(this::requireFlag);
        requireReadyPath();
      }
      case Kind.Watchdog(boolean classic) -> {
        DURATIONS.forEach(this::requireDuration);
        FLAGS.forEach(this::requireFlag);
        if (classic) {
          CLASSIC_FLAGS.forEach(this::requireFlag);
        } else {
          requireReadyPath();
        }
        requireLineLength();
      }
    }
  }

  /**
   * What the gateway keeps of them: all for a function with its own server, whose calls reach no
   * watchdog, else what it must know to choose a replica.
   *
   * @throws FaasException {@code BAD_REQUEST} for a {@code max_inflight} that is no number
   */
  InvocationPolicy policy() {
    int maxInflight = value("max_inflight").map(WatchdogSettings::maxInflight).orElse(0);
    return switch (kind) {
      case Kind.OwnSocket _, Kind.OwnPort _ ->
          new InvocationPolicy(
              value("exec_timeout")
                  .map(text -> duration("exec_timeout", text))
                  .orElse(DEFAULT_EXEC_TIMEOUT),
              maxInflight,
              /* durationHeader= */ true,
              HTTP_FLAGS.stream().anyMatch(this::isOn));
      case Kind.Watchdog _ ->
          new InvocationPolicy(Duration.ZERO, maxInflight, /* durationHeader= */ false);
    };
  }

  private void requireDuration(String name) {
    Optional<String> text = value(name);
    if (text.isPresent() && duration(name, text.get()).isZero() && POSITIVE.contains(name)) {
      throw bad(name, text.get(), "more than 0");
    }
  }

  static Duration duration(String name, String text) {
    return GoDuration.parse(text)
        .orElseThrow(() -> bad(name, text, "seconds, or a duration such as 500ms or 1m30s"));
  }

  private static int maxInflight(String text) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, as a negative number is
    }
    throw bad("max_inflight", text, "a whole number, 0 or more");
  }

  private boolean isOn(String flag) {
    return value(flag).filter(text -> text.equals("true") || text.equals("1")).isPresent();
  }

  private void requireFlag(String name) {
    value(name)
        .filter(text -> !List.of("true", "false", "1", "0").contains(text))
        .ifPresent(
            text -> {
              throw bad(name, text, "true or false");
            });
  }

  /** Else a function that names one would count as ready as soon as it listens. */
  private void requireReadyPath() {
    value("ready_path")
        .filter(text -> !text.matches("/[!-~]*"))
        .ifPresent(
            text -> {
              throw bad("ready_path", text, "a path such as /ready");
            });
  }

  private void requireLineLength() {
    value("log_buffer_size")
        .filter(text -> !text.matches("-1|\\d{1,9}"))
        .ifPresent(
            text -> {
              throw bad("log_buffer_size", text, "a number of bytes, or -1 for no bound");
            });
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
  }

  private static FaasException bad(String name, String given, String expected) {
    return FaasException.badField("envVars." + name, given, expected);
  }
}
