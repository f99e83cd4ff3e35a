package dev.barista.server.config;

import dev.barista.http.HttpServerConfig;
import dev.barista.server.config.Setting.Alias;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/** Where the gateway and {@code /metrics} listen, and what they take from clients. */
final class ListenerSettings {

  static final Setting<String> HOST =
      Setting.of("host", "ADDRESS", "127.0.0.1", SettingType.TEXT, "address that it listens on");
  static final Setting<Integer> PORT =
      Setting.of("port", "PORT", "8080", SettingType.PORT, "0 takes a free one");
  static final Setting<Integer> METRICS_PORT =
      Setting.of(
          "metrics-port", "PORT", "8082", SettingType.PORT, "of /metrics; 0 takes a free one");
  static final Setting<Duration> READ_TIMEOUT =
      Setting.of("read-timeout", "TIME", "60s", SettingType.DURATION, "silence of a sending client")
          .alias(Alias.same("read_timeout"));
  static final Setting<Duration> WRITE_TIMEOUT =
      Setting.of(
              "write-timeout", "TIME", "60s", SettingType.DURATION, "client that takes no answer")
          .alias(Alias.same("write_timeout"));
  static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of("idle-timeout", "TIME", "75s", SettingType.DURATION, "connection without request");
  static final Setting<Long> MAX_BODY =
      Setting.of("max-body", "BYTES", "1Gi", SettingType.BYTES, "body of an invocation");
  static final Setting<Long> MAX_HEADER_BYTES =
      Setting.of("max-header-bytes", "BYTES", "64Ki", SettingType.BYTES, "header of a request");
  static final Setting<Integer> MAX_HEADERS =
      Setting.of(
          "max-headers", "N", "200", SettingType.count(1, 10_000), "header lines of a request");
  static final Setting<Long> MAX_TARGET_BYTES =
      Setting.of("max-target-bytes", "BYTES", "16Ki", SettingType.BYTES, "path and query");
  static final Setting<Integer> MAX_CONNECTIONS =
      Setting.of(
          "max-connections", "N", "10000", SettingType.count(1, 1_000_000), "open connections");

  /** Time a scraper may take; as OpenFaaS's metrics listener gives it. */
  private static final Duration METRICS_TIMEOUT = Duration.ofSeconds(5);

  private static final int METRICS_CONNECTIONS = 100;

  private ListenerSettings() {}

  static HttpServerConfig listener(Settings settings, InetAddress address) {
    return HttpServerConfig.at(new InetSocketAddress(address, settings.value(PORT)))
        .withMaxTargetBytes(settings.value(MAX_TARGET_BYTES).intValue())
        .withMaxHeaders(settings.value(MAX_HEADER_BYTES).intValue(), settings.value(MAX_HEADERS))
        .withMaxBodyBytes(settings.value(MAX_BODY))
        .withTimeouts(
            settings.value(READ_TIMEOUT),
            settings.value(IDLE_TIMEOUT),
            settings.value(WRITE_TIMEOUT))
        .withMaxConnections(settings.value(MAX_CONNECTIONS));
  }

  static HttpServerConfig metricsListener(Settings settings, InetAddress address) {
    return HttpServerConfig.at(new InetSocketAddress(address, settings.value(METRICS_PORT)))
        .withMaxBodyBytes(0)
        .withTimeouts(METRICS_TIMEOUT, settings.value(IDLE_TIMEOUT), METRICS_TIMEOUT)
        .withMaxConnections(METRICS_CONNECTIONS);
  }

  /** Empty when the fault is told. */
  static Optional<InetAddress> address(Settings settings) {
    String host = settings.value(HOST);
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      settings.fault("--host: \"" + host + "\" (expected: an address or name of this machine)");
      return Optional.empty();
    }
  }

  static void checkPorts(Settings settings) {
    int port = settings.value(PORT);
    if (port != 0 && port == settings.value(METRICS_PORT)) {
      settings.fault("--metrics-port: \"" + port + "\" (expected: another port than --port)");
    }
  }
}
