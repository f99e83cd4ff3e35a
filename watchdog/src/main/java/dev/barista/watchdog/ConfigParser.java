package dev.barista.watchdog;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the environment of a classic watchdog. A value that makes no sense is a fault and stops the
 * start; Go's watchdog would use its default without a word, and the author of a function would
 * learn of it in production.
 */
final class ConfigParser {

  static final String METRICS_PORT = "BARISTA_METRICS_PORT";

  /**
   * Also says that the gateway, which sends no call to a replica that shall stop, is the caller.
   */
  static final String SOCKET = "BARISTA_SOCKET";

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int DEFAULT_PORT = 8080;
  private static final int DEFAULT_METRICS_PORT = 8081;

  private final Map<String, String> environment;
  private final List<String> faults = new ArrayList<>();

  private ConfigParser(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @throws ConfigException with every fault
   */
  static WatchdogConfig classic(Map<String, String> environment) {
    return new ConfigParser(environment).parse();
  }

  /** Where the lock file is, or would be. Never fails. */
  static Path lockFile(Map<String, String> environment) {
    return folder(environment).resolve(".lock");
  }

  private WatchdogConfig parse() {
    Duration write = positive("write_timeout", DEFAULT_TIMEOUT);
    Duration exec = duration("exec_timeout", Duration.ZERO);
    var timeouts =
        new WatchdogConfig.Timeouts(
            positive("read_timeout", DEFAULT_TIMEOUT),
            write,
            exec.isZero() ? Optional.empty() : Optional.of(exec),
            duration("healthcheck_interval", value(SOCKET).isEmpty() ? write : Duration.ZERO));
    var options =
        new WatchdogConfig.Options(
            flag("cgi_headers", true),
            flag("marshal_request", false),
            flag("combine_output", true),
            flag("write_debug", false),
            flag("debug_headers", false),
            flag("suppress_lock", false));
    List<String> command = command();
    SocketAddress address = address();
    Optional<SocketAddress> metrics = metricsAddress();
    int maxInflight = number("max_inflight", 0, Integer.MAX_VALUE);
    CallsCgroup calls = calls();
    if (flag("jwt_auth", false)) {
      faults.add("jwt_auth: true (expected: false; this watchdog can't check tokens yet)");
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new WatchdogConfig(
        address,
        metrics,
        command,
        timeouts,
        Optional.of(value("content_type")).filter(type -> !type.isEmpty()),
        options,
        maxInflight,
        folder(environment),
        calls);
  }

  private static Path folder(Map<String, String> environment) {
    String folder = environment.getOrDefault("TMPDIR", "");
    return Path.of(folder.isEmpty() ? "/tmp" : folder);
  }

  private List<String> command() {
    String command = value("fprocess");
    if (command.isBlank()) {
      faults.add("fprocess: not set (expected: the command to run for each call)");
      return List.of();
    }
    // Each single space separates, as in Go's watchdog: neither quotes nor a shell are known.
    return List.of(command.split(" ", -1));
  }

  private SocketAddress address() {
    String socket = value(SOCKET);
    if (!socket.isEmpty()) {
      return UnixDomainSocketAddress.of(socket);
    }
    return new InetSocketAddress(number("port", DEFAULT_PORT, 65_535));
  }

  /** A replica on a Unix-domain socket shares its host with others, so no port is taken unasked. */
  private Optional<SocketAddress> metricsAddress() {
    String where = value(METRICS_PORT);
    if (where.equals("off") || (where.isEmpty() && !value(SOCKET).isEmpty())) {
      return Optional.empty();
    }
    if (where.startsWith("/")) {
      return Optional.of(UnixDomainSocketAddress.of(where));
    }
    return Optional.of(new InetSocketAddress(number(METRICS_PORT, DEFAULT_METRICS_PORT, 65_535)));
  }

  private CallsCgroup calls() {
    try {
      return CallsCgroup.parse(value(CallsCgroup.VARIABLE));
    } catch (IllegalArgumentException fault) {
      faults.add(String.valueOf(fault.getMessage()));
      return CallsCgroup.NONE;
    }
  }

  private Duration positive(String name, Duration standard) {
    Duration duration = duration(name, standard);
    if (duration.isZero()) {
      faults.add(name + ": " + value(name) + " (expected: more than 0)");
    }
    return duration;
  }

  private Duration duration(String name, Duration standard) {
    String text = value(name);
    if (text.isEmpty()) {
      return standard;
    }
    Optional<Duration> parsed = GoDuration.parse(text);
    if (parsed.isEmpty()) {
      faults.add(
          name + ": '" + text + "' (expected: seconds, or a duration such as 500ms or 1m30s)");
    }
    return parsed.orElse(standard);
  }

  private boolean flag(String name, boolean standard) {
    return switch (value(name)) {
      case "" -> standard;
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> {
        faults.add(name + ": '" + value(name) + "' (expected: true or false)");
        yield standard;
      }
    };
  }

  private int number(String name, int standard, int most) {
    String text = value(name);
    if (text.isEmpty()) {
      return standard;
    }
    if (text.matches("\\d{1,10}") && Long.parseLong(text) <= most) {
      return Integer.parseInt(text);
    }
    faults.add(name + ": '" + text + "' (expected: 0.." + most + ")");
    return standard;
  }

  private String value(String name) {
    return environment.getOrDefault(name, "");
  }
}
