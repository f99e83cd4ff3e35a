package dev.barista.server.config;

import dev.barista.gateway.invoke.HoldLimit;
import dev.barista.server.config.Setting.Alias;
import java.time.Duration;

/** Bounds on functions and their calls. */
final class FunctionSettings {

  static final Setting<String> NAMESPACE =
      Setting.of(
              "namespace",
              "NAME",
              "openfaas-fn",
              SettingType.NAMESPACE,
              "of functions whose client names none")
          .alias(Alias.same("function_namespace"));
  static final Setting<Integer> MAX_REPLICAS =
      Setting.of(
          "max-replicas", "N", "1000", SettingType.count(1, 100_000), "most of one function");
  static final Setting<Duration> UPSTREAM_TIMEOUT =
      Setting.of(
              "upstream-timeout",
              "TIME",
              "60s",
              SettingType.DURATION,
              "one invocation, from its arrival to the end of its answer")
          .alias(Alias.same("upstream_timeout"));
  static final Setting<Duration> START_TIMEOUT =
      Setting.of("start-timeout", "TIME", "60s", SettingType.DURATION, "replica to become ready");
  static final Setting<Integer> MAX_HELD_CALLS =
      Setting.of(
          "max-held-calls",
          "N",
          "1000",
          SettingType.count(0, 1_000_000),
          "calls of one function that wait for a replica");
  static final Setting<Boolean> SCALE_FROM_ZERO =
      Setting.of(
              "scale-from-zero",
              "true|false",
              "true",
              SettingType.FLAG,
              "hold a call until a replica is ready; else it is 503 at once")
          .alias(Alias.same("scale_from_zero"));
  static final Setting<Integer> MAX_POLL_COUNT =
      Setting.of(
              "scale-from-zero-max-poll-count",
              "N",
              "1000",
              SettingType.count(1, 1_000_000),
              "times the poll interval, if either is given: hold a call so long")
          .alias(Alias.same("max_poll_count"));
  static final Setting<Duration> POLL_INTERVAL =
      Setting.of(
              "scale-from-zero-poll-interval",
              "TIME",
              "100ms",
              SettingType.DURATION,
              "see scale-from-zero-max-poll-count; nothing is polled")
          .alias(Alias.same("function_poll_interval"));
  static final Setting<Duration> CACHE_EXPIRY =
      Setting.of(
              "scale-from-zero-cache-expiry",
              "TIME",
              "",
              SettingType.DURATION,
              "without effect: nothing is cached")
          .alias(Alias.same("cache_expiry"));
  static final Setting<Long> MAX_SYSTEM_BODY =
      Setting.of("max-system-body", "BYTES", "1Mi", SettingType.BYTES, "body to /system");
  static final Setting<Integer> MAX_IDLE_CONNS =
      Setting.of(
              "max-idle-conns",
              "N",
              "1024",
              SettingType.count(1, 1_000_000),
              "unused connections to replicas, all together")
          .alias(Alias.same("max_idle_conns"));
  static final Setting<Integer> MAX_IDLE_CONNS_PER_HOST =
      Setting.of(
              "max-idle-conns-per-host",
              "N",
              "1024",
              SettingType.count(1, 1_000_000),
              "unused connections to one replica")
          .alias(Alias.same("max_idle_conns_per_host"));

  private static final Duration LONGEST_HOLD = Duration.ofHours(24);

  private FunctionSettings() {}

  static ServeConfig.Functions functions(Settings settings) {
    return new ServeConfig.Functions(
        settings.value(NAMESPACE),
        settings.value(MAX_REPLICAS),
        settings.value(UPSTREAM_TIMEOUT),
        settings.value(START_TIMEOUT),
        holdLimit(settings),
        settings.given(CACHE_EXPIRY),
        settings.value(SCALE_FROM_ZERO),
        settings.value(MAX_HELD_CALLS),
        settings.value(MAX_IDLE_CONNS),
        settings.value(MAX_IDLE_CONNS_PER_HOST),
        settings.value(MAX_SYSTEM_BODY).intValue());
  }

  /** Where a gateway polls, that is how long it polls. */
  private static HoldLimit holdLimit(Settings settings) {
    return holdIsGiven(settings)
        ? new HoldLimit(holdTime(settings), MAX_POLL_COUNT.name())
        : HoldLimit.ofStart(settings.value(START_TIMEOUT));
  }

  private static boolean holdIsGiven(Settings settings) {
    return settings.given(MAX_POLL_COUNT).isPresent() || settings.given(POLL_INTERVAL).isPresent();
  }

  private static Duration holdTime(Settings settings) {
    return settings.value(POLL_INTERVAL).multipliedBy(settings.value(MAX_POLL_COUNT));
  }

  static void checkHold(Settings settings) {
    if (holdIsGiven(settings) && holdTime(settings).compareTo(LONGEST_HOLD) > 0) {
      settings.fault(
          MAX_POLL_COUNT.option()
              + " times "
              + POLL_INTERVAL.option()
              + ": \""
              + holdTime(settings).toSeconds()
              + "s\" (expected: at most "
              + LONGEST_HOLD.toHours()
              + "h)");
    }
  }
}
