package dev.barista.provider.process;

import dev.barista.api.FaasException;
import dev.barista.concurrency.GoDuration;
import dev.barista.provider.process.RunPlan.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the watchdog among a function's variables. A watchdog doesn't start with one that
 * makes no sense, so it is refused at deploy: else its author would learn of it from replicas that
 * end. An empty value is the default, as for the watchdog.
 */
final class WatchdogSettings {

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

  private final Map<String, String> environment;

  private WatchdogSettings(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Looks at those that count for this kind: the others are the function's own business.
   *
   * @throws FaasException {@code BAD_REQUEST} naming the variable
   */
  static void requireValid(Kind kind, Map<String, String> environment) {
    var settings = new WatchdogSettings(environment);
    switch (kind) {
      case Kind.OwnSocket _, Kind.OwnPort _ -> {
        settings.duration("exec_timeout");
        HTTP_FLAGS.forEach(settings::flag);
        settings.readyPath();
      }
      case Kind.Watchdog(boolean classic) -> {
        DURATIONS.forEach(settings::duration);
        FLAGS.forEach(settings::flag);
        if (classic) {
          CLASSIC_FLAGS.forEach(settings::flag);
        } else {
          settings.readyPath();
        }
        settings.lineLength();
      }
    }
  }

  private void duration(String name) {
    Optional<String> text = value(name);
    if (text.isEmpty()) {
      return;
    }
    Duration duration =
        GoDuration.parse(text.get())
            .orElseThrow(
                () -> bad(name, text.get(), "seconds, or a duration such as 500ms or 1m30s"));
    if (duration.isZero() && POSITIVE.contains(name)) {
      throw bad(name, text.get(), "more than 0");
    }
  }

  private void flag(String name) {
    value(name)
        .filter(text -> !List.of("true", "false", "1", "0").contains(text))
        .ifPresent(
            text -> {
              throw bad(name, text, "true or false");
            });
  }

  /** Else a function that names one would count as ready as soon as it listens. */
  private void readyPath() {
    value("ready_path")
        .filter(text -> !text.matches("/[!-~]*"))
        .ifPresent(
            text -> {
              throw bad("ready_path", text, "a path such as /ready");
            });
  }

  private void lineLength() {
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
