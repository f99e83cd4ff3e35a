package dev.barista.server.config;

import static dev.barista.server.config.ServeSettings.ALLOW_REGISTRY;
import static dev.barista.server.config.ServeSettings.AUTH;
import static dev.barista.server.config.ServeSettings.BUILD_MEMORY;
import static dev.barista.server.config.ServeSettings.BUILD_TIMEOUT;
import static dev.barista.server.config.ServeSettings.CACHE_EXPIRY;
import static dev.barista.server.config.ServeSettings.CGROUPS;
import static dev.barista.server.config.ServeSettings.DATA;
import static dev.barista.server.config.ServeSettings.DRAIN_TIMEOUT;
import static dev.barista.server.config.ServeSettings.HOST;
import static dev.barista.server.config.ServeSettings.IDLE_TIMEOUT;
import static dev.barista.server.config.ServeSettings.INSECURE;
import static dev.barista.server.config.ServeSettings.ISOLATION;
import static dev.barista.server.config.ServeSettings.LOG_FORMAT;
import static dev.barista.server.config.ServeSettings.LOG_LEVEL;
import static dev.barista.server.config.ServeSettings.MAX_BLOB;
import static dev.barista.server.config.ServeSettings.MAX_BODY;
import static dev.barista.server.config.ServeSettings.MAX_CONNECTIONS;
import static dev.barista.server.config.ServeSettings.MAX_FILE;
import static dev.barista.server.config.ServeSettings.MAX_FUNCTION_LOG;
import static dev.barista.server.config.ServeSettings.MAX_HEADERS;
import static dev.barista.server.config.ServeSettings.MAX_HEADER_BYTES;
import static dev.barista.server.config.ServeSettings.MAX_HELD_CALLS;
import static dev.barista.server.config.ServeSettings.MAX_IDLE_CONNS;
import static dev.barista.server.config.ServeSettings.MAX_IDLE_CONNS_PER_HOST;
import static dev.barista.server.config.ServeSettings.MAX_IMAGES;
import static dev.barista.server.config.ServeSettings.MAX_LOG_AGE;
import static dev.barista.server.config.ServeSettings.MAX_LOG_STREAMS;
import static dev.barista.server.config.ServeSettings.MAX_OPEN_FILES;
import static dev.barista.server.config.ServeSettings.MAX_POLL_COUNT;
import static dev.barista.server.config.ServeSettings.MAX_PROCESSES;
import static dev.barista.server.config.ServeSettings.MAX_REPLICAS;
import static dev.barista.server.config.ServeSettings.MAX_REPLICA_LOG;
import static dev.barista.server.config.ServeSettings.MAX_SYSTEM_BODY;
import static dev.barista.server.config.ServeSettings.MAX_TARGET_BYTES;
import static dev.barista.server.config.ServeSettings.MAX_TMP;
import static dev.barista.server.config.ServeSettings.MAX_UPLOADS;
import static dev.barista.server.config.ServeSettings.METRICS_PORT;
import static dev.barista.server.config.ServeSettings.NAMESPACE;
import static dev.barista.server.config.ServeSettings.NODE_CPU;
import static dev.barista.server.config.ServeSettings.NODE_MEMORY;
import static dev.barista.server.config.ServeSettings.POLL_INTERVAL;
import static dev.barista.server.config.ServeSettings.PORT;
import static dev.barista.server.config.ServeSettings.PUBLIC_HOST;
import static dev.barista.server.config.ServeSettings.PULL_TIMEOUT;
import static dev.barista.server.config.ServeSettings.READ_TIMEOUT;
import static dev.barista.server.config.ServeSettings.REGISTRY_AUTH;
import static dev.barista.server.config.ServeSettings.SCALE_FROM_ZERO;
import static dev.barista.server.config.ServeSettings.SECRET_MOUNT_PATH;
import static dev.barista.server.config.ServeSettings.START_TIMEOUT;
import static dev.barista.server.config.ServeSettings.STOP_TIMEOUT;
import static dev.barista.server.config.ServeSettings.UPLOAD_TIMEOUT;
import static dev.barista.server.config.ServeSettings.UPSTREAM_TIMEOUT;
import static dev.barista.server.config.ServeSettings.WITH;
import static dev.barista.server.config.ServeSettings.WITH_TIMEOUT;
import static dev.barista.server.config.ServeSettings.WRITE_TIMEOUT;

import dev.barista.autoscaler.policy.KnativeDefaults;
import dev.barista.gateway.invoke.HoldLimit;
import dev.barista.http.HttpServerConfig;
import dev.barista.image.BuildLimits;
import dev.barista.server.config.ServeSettings.AuthMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes the configuration of {@code serve} from its settings, and checks what goes together. */
public final class ServeConfigReader {

  /** Time a scraper may take; as OpenFaaS's metrics listener gives it. */
  private static final Duration METRICS_TIMEOUT = Duration.ofSeconds(5);

  private static final int METRICS_CONNECTIONS = 100;
  private static final long SMALLEST_LOG = 1_024;
  private static final Duration LONGEST_HOLD = Duration.ofHours(24);

  private final Settings settings;

  private ServeConfigReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param arguments of the command line, after {@code serve}
   * @throws ConfigException with every fault
   */
  public static ServeConfig read(List<String> arguments, Map<String, String> environment) {
    Settings settings = Settings.read(arguments, environment);
    ServeConfigReader reader = new ServeConfigReader(settings);
    Optional<InetAddress> address = reader.address();
    address.ifPresent(reader::checkOpen);
    reader.checkPorts();
    reader.checkWith();
    reader.checkAll();
    settings.throwIfFaulty();
    return reader.config(address.orElseThrow());
  }

  private ServeConfig config(InetAddress address) {
    return new ServeConfig(
        settings.value(DATA),
        listener(address),
        metricsListener(address),
        admin(),
        functions(),
        scaling(),
        images(),
        replicas(),
        settings
            .given(WITH)
            .map(
                file ->
                    new ServeConfig.With(
                        file,
                        settings.value(WITH_TIMEOUT),
                        new BuildLimits(
                            settings.given(BUILD_MEMORY).orElseGet(BuildLimits::halfOfMemory),
                            settings.value(BUILD_TIMEOUT)))),
        settings.value(DRAIN_TIMEOUT),
        new ServeConfig.Log(settings.value(LOG_FORMAT), settings.value(LOG_LEVEL)));
  }

  private Optional<InetAddress> address() {
    String host = settings.value(HOST);
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      settings.fault("--host: \"" + host + "\" (expected: an address or name of this machine)");
      return Optional.empty();
    }
  }

  /** Without a password everyone who reaches the port could run code here. */
  private void checkOpen(InetAddress address) {
    if (settings.value(AUTH) == AuthMode.NONE
        && !address.isLoopbackAddress()
        && !settings.value(INSECURE)) {
      settings.fault(
          "--auth: \"none\" with --host "
              + settings.value(HOST)
              + " lets everyone on the network run code here (expected: basic, a loopback host, or"
              + " --insecure as well)");
    }
  }

  private void checkPorts() {
    int port = settings.value(PORT);
    if (port != 0 && port == settings.value(METRICS_PORT)) {
      settings.fault("--metrics-port: \"" + port + "\" (expected: another port than --port)");
    }
  }

  private void checkWith() {
    settings
        .given(WITH)
        .filter(file -> !Files.isRegularFile(file))
        .ifPresent(
            file ->
                settings.fault("--with: \"" + file + "\" (expected: a stack file that exists)"));
  }

  private void checkAll() {
    ServeSettings.GROUPS.values().forEach(group -> group.forEach(settings::given));
    checkInt(MAX_SYSTEM_BODY);
    checkInt(MAX_HEADER_BYTES);
    checkInt(MAX_TARGET_BYTES);
    checkLog(MAX_REPLICA_LOG);
    checkLog(MAX_FUNCTION_LOG);
    checkHold();
  }

  private void checkInt(Setting<Long> setting) {
    if (settings.value(setting) > Integer.MAX_VALUE / 2 || settings.value(setting) < 256) {
      settings.fault(
          setting.option()
              + ": \""
              + settings.value(setting)
              + "\" (expected: 256 bytes to 1 GiB)");
    }
  }

  private void checkLog(Setting<Long> setting) {
    if (settings.value(setting) < SMALLEST_LOG) {
      settings.fault(
          setting.option() + ": \"" + settings.value(setting) + "\" (expected: at least 1Ki)");
    }
  }

  private HttpServerConfig listener(InetAddress address) {
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

  private HttpServerConfig metricsListener(InetAddress address) {
    return HttpServerConfig.at(new InetSocketAddress(address, settings.value(METRICS_PORT)))
        .withMaxBodyBytes(0)
        .withTimeouts(METRICS_TIMEOUT, settings.value(IDLE_TIMEOUT), METRICS_TIMEOUT)
        .withMaxConnections(METRICS_CONNECTIONS);
  }

  private ServeConfig.Admin admin() {
    Optional<Path> mounted = settings.given(SECRET_MOUNT_PATH);
    return new ServeConfig.Admin(
        settings.value(AUTH) == AuthMode.BASIC,
        mounted.orElseGet(() -> settings.value(DATA).resolve("secrets")),
        /* makePassword= */ mounted.isEmpty(),
        settings.value(HOST),
        settings.given(PUBLIC_HOST).orElse(List.of()));
  }

  private ServeConfig.Functions functions() {
    return new ServeConfig.Functions(
        settings.value(NAMESPACE),
        settings.value(MAX_REPLICAS),
        settings.value(UPSTREAM_TIMEOUT),
        settings.value(START_TIMEOUT),
        holdLimit(),
        settings.given(CACHE_EXPIRY),
        settings.value(SCALE_FROM_ZERO),
        settings.value(MAX_HELD_CALLS),
        settings.value(MAX_IDLE_CONNS),
        settings.value(MAX_IDLE_CONNS_PER_HOST),
        settings.value(MAX_SYSTEM_BODY).intValue());
  }

  private ServeConfig.Scaling scaling() {
    return new ServeConfig.Scaling(
        settings.value(ServeSettings.ALERTS),
        new KnativeDefaults(
            settings.value(ServeSettings.ENABLE_SCALE_TO_ZERO),
            settings.value(ServeSettings.SCALE_TO_ZERO_GRACE_PERIOD),
            settings.value(ServeSettings.MAX_SCALE_UP_RATE),
            settings.value(ServeSettings.MAX_SCALE_DOWN_RATE)));
  }

  /** Where a gateway polls, that is how long it polls. */
  private HoldLimit holdLimit() {
    return holdIsGiven()
        ? new HoldLimit(holdTime(), MAX_POLL_COUNT.name())
        : HoldLimit.ofStart(settings.value(START_TIMEOUT));
  }

  private boolean holdIsGiven() {
    return settings.given(MAX_POLL_COUNT).isPresent() || settings.given(POLL_INTERVAL).isPresent();
  }

  private Duration holdTime() {
    return settings.value(POLL_INTERVAL).multipliedBy(settings.value(MAX_POLL_COUNT));
  }

  private void checkHold() {
    if (holdIsGiven() && holdTime().compareTo(LONGEST_HOLD) > 0) {
      settings.fault(
          MAX_POLL_COUNT.option()
              + " times "
              + POLL_INTERVAL.option()
              + ": \""
              + holdTime().toSeconds()
              + "s\" (expected: at most "
              + LONGEST_HOLD.toHours()
              + "h)");
    }
  }

  private ServeConfig.Logs logs() {
    return new ServeConfig.Logs(
        settings.value(MAX_REPLICA_LOG),
        settings.value(MAX_FUNCTION_LOG),
        settings.value(MAX_LOG_AGE),
        settings.value(MAX_LOG_STREAMS));
  }

  private ServeConfig.Replicas replicas() {
    Optional<Integer> cpu = settings.given(NODE_CPU);
    Optional<Long> memory = settings.given(NODE_MEMORY);
    return new ServeConfig.Replicas(
        settings.value(ISOLATION),
        settings.value(CGROUPS),
        settings.value(STOP_TIMEOUT),
        cpu.map(OptionalInt::of).orElse(OptionalInt.empty()),
        memory.map(OptionalLong::of).orElse(OptionalLong.empty()),
        settings.value(MAX_PROCESSES),
        settings.value(MAX_OPEN_FILES),
        settings.value(MAX_FILE),
        settings.value(MAX_TMP),
        logs());
  }

  private ServeConfig.Images images() {
    return new ServeConfig.Images(
        settings.value(MAX_IMAGES),
        settings.value(MAX_BLOB),
        settings.value(MAX_UPLOADS),
        settings.value(UPLOAD_TIMEOUT),
        settings.given(ALLOW_REGISTRY).orElse(List.of()),
        settings.value(REGISTRY_AUTH),
        settings.value(PULL_TIMEOUT));
  }
}
