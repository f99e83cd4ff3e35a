package dev.barista.watchdog;

import dev.barista.concurrency.GoDuration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the environment of a watchdog. A value that makes no sense is a fault and stops the start;
 * Go's watchdogs would use their default without a word, and the author of a function would learn
 * of it in production.
 */
final class ConfigParser {

  static final String METRICS_PORT = "BARISTA_METRICS_PORT";

  /** Also says that whoever started this watchdog sends it its calls: it is supervised. */
  static final String SOCKET = "BARISTA_SOCKET";

  private static final String AUTHORITY = "BARISTA_JWT_AUTHORITY";
  private static final String CLUSTER_AUTHORITY = "http://gateway.openfaas:8080";
  private static final String LOCAL_AUTHORITY = "http://127.0.0.1:8000";

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int DEFAULT_PORT = 8080;
  private static final int DEFAULT_METRICS_PORT = 8081;
  private static final int DEFAULT_LINE_BYTES = 64 << 10;
  private static final String DEFAULT_STATIC_PATH = "/home/app/public";

  private static final Path POD_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  private static final String MODES =
      "streaming, serializing, http or static; classic needs --classic";

  private final Map<String, String> environment;
  private final List<String> faults = new ArrayList<>();

  private ConfigParser(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * For {@code --classic}.
   *
   * @throws ConfigException with every fault
   */
  static WatchdogConfig classic(Map<String, String> environment) {
    var parser = new ConfigParser(environment);
    return parser.parse(new Mode.Classic());
  }

  /**
   * For of-watchdog's modes.
   *
   * @throws ConfigException with every fault
   */
  static WatchdogConfig modern(Map<String, String> environment) {
    var parser = new ConfigParser(environment);
    return parser.parse(parser.mode());
  }

  /** Where the lock file is, or would be. Never fails. */
  static Path lockFile(Map<String, String> environment) {
    return folder(environment).resolve(".lock");
  }

  private WatchdogConfig parse(Mode mode) {
    var config =
        new WatchdogConfig(
            mode,
            address(),
            metricsAddress(),
            command(mode),
            timeouts(mode),
            contentType(mode),
            options(mode),
            number("max_inflight", 0, Integer.MAX_VALUE),
            folder(environment),
            calls(),
            new WatchdogConfig.Logs(flag("prefix_logs", true), lineBytes()),
            readyPath(mode),
            flag("jwt_auth", false) ? tokens() : Optional.empty());
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return config;
  }

  private Mode mode() {
    String name = value("mode");
    return switch (name) {
      case "", "streaming" -> new Mode.Streaming();
      case "serializing" -> new Mode.Serializing();
      case "http" -> http();
      case "static" ->
          new Mode.Static(
              Path.of(value("static_path").isEmpty() ? DEFAULT_STATIC_PATH : value("static_path")));
      case "inproc" -> wrong("mode", name, MODES + "; a handler in Go can't run in this program");
      case "afterburn" -> wrong("mode", name, MODES + "; afterburn was never made");
      default -> wrong("mode", name, MODES);
    };
  }

  private Mode wrong(String name, String given, String expected) {
    faults.add(name + ": '" + given + "' (expected: " + expected + ")");
    return new Mode.Streaming();
  }

  private Mode http() {
    String name = value("http_upstream_url").isEmpty() ? "upstream_url" : "http_upstream_url";
    String text = value(name);
    if (text.isEmpty()) {
      faults.add("upstream_url: not set (expected: where fprocess listens, http://127.0.0.1:3000)");
      return new Mode.Streaming();
    }
    try {
      URI url = new URI(text);
      if ("http".equals(url.getScheme()) && url.getHost() != null && url.getRawQuery() == null) {
        var upstream = new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
        if (!upstream.isUnresolved()) {
          String path = url.getRawPath() == null ? "" : url.getRawPath();
          return new Mode.Http(
              upstream,
              path.replaceFirst("/+$", ""),
              flag("buffer_http", flag("http_buffer_req_body", false)));
        }
      }
    } catch (URISyntaxException | IllegalArgumentException _) {
      // told below
    }
    return wrong(name, text, "http://HOST:PORT of a host that is known here");
  }

  private WatchdogConfig.Timeouts timeouts(Mode mode) {
    Duration write = positive("write_timeout", DEFAULT_TIMEOUT);
    Duration exec = duration("exec_timeout", mode.isClassic() ? Duration.ZERO : DEFAULT_TIMEOUT);
    return new WatchdogConfig.Timeouts(
        positive("read_timeout", DEFAULT_TIMEOUT),
        write,
        exec.isZero() ? Optional.empty() : Optional.of(exec),
        duration("healthcheck_interval", supervised() ? Duration.ZERO : write));
  }

  /** Some belong to the classic watchdog alone; elsewhere they have one value. */
  private WatchdogConfig.Options options(Mode mode) {
    boolean classic = mode.isClassic();
    return new WatchdogConfig.Options(
        !classic || flag("cgi_headers", true),
        classic && flag("marshal_request", false),
        classic && flag("combine_output", true),
        classic && flag("write_debug", false),
        classic && flag("debug_headers", false),
        flag("suppress_lock", false),
        flag("log_callid", flag("log_call_id", false)),
        supervised());
  }

  private boolean supervised() {
    return !value(SOCKET).isEmpty();
  }

  private Optional<String> contentType(Mode mode) {
    String type = value("content_type");
    if (type.isEmpty()) {
      return mode.isClassic() ? Optional.empty() : Optional.of("application/octet-stream");
    }
    return Optional.of(type);
  }

  private int lineBytes() {
    String text = value("log_buffer_size");
    return text.equals("-1")
        ? -1
        : Math.max(1, number("log_buffer_size", DEFAULT_LINE_BYTES, Integer.MAX_VALUE));
  }

  private Optional<String> readyPath(Mode mode) {
    String path = value("ready_path");
    if (mode.isClassic() || path.isEmpty()) {
      return Optional.empty();
    }
    if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      faults.add("ready_path: '" + path + "' (expected: a path such as /ready)");
    }
    return Optional.of(path);
  }

  private Optional<TokenConfig> tokens() {
    String name = value("OPENFAAS_NAME");
    String namespace =
        value("OPENFAAS_NAMESPACE").isEmpty() ? namespaceOfPod() : value("OPENFAAS_NAMESPACE");
    if (name.isEmpty() || namespace.isEmpty()) {
      faults.add(
          "jwt_auth: true (expected: with OPENFAAS_NAME and OPENFAAS_NAMESPACE, whose calls tokens"
              + " allow)");
    }
    String standard = flag("jwt_auth_local", false) ? LOCAL_AUTHORITY : CLUSTER_AUTHORITY;
    String authority = value(AUTHORITY).isEmpty() ? standard : value(AUTHORITY);
    try {
      return Optional.of(
          new TokenConfig(
              new URI(authority.replaceFirst("/+$", "")),
              namespace + ":" + name,
              flag("jwt_auth_debug", false)));
    } catch (URISyntaxException _) {
      faults.add(AUTHORITY + ": '" + authority + "' (expected: a URL)");
      return Optional.empty();
    }
  }

  private static String namespaceOfPod() {
    try {
      return Files.readString(POD_NAMESPACE).strip();
    } catch (IOException _) {
      return ""; // not in a Pod
    }
  }

  private static Path folder(Map<String, String> environment) {
    String folder = environment.getOrDefault("TMPDIR", "");
    return Path.of(folder.isEmpty() ? "/tmp" : folder);
  }

  private List<String> command(Mode mode) {
    if (mode instanceof Mode.Static) {
      return List.of();
    }
    String modern = mode.isClassic() ? "" : value("function_process");
    String command = modern.isEmpty() ? value("fprocess") : modern;
    if (command.isBlank()) {
      faults.add(
          "fprocess: not set (expected: the command "
              + (mode instanceof Mode.Http ? "that serves the calls)" : "to run for each call)"));
      return List.of();
    }
    if (command.startsWith(" ")) {
      String name = modern.isEmpty() ? "fprocess" : "function_process";
      faults.add(name + ": '" + command + "' (expected: a program before the first space)");
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
