package dev.barista.server.config;

import dev.barista.autoscaler.AlertMode;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.server.config.Setting.Alias;
import dev.barista.server.log.LogFormat;
import dev.barista.server.log.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Every setting of {@code barista serve}, in the order and under the headings of its help. */
final class ServeSettings {

  // Where

  static final Setting<String> HOST =
      Setting.of("host", "ADDRESS", "127.0.0.1", SettingType.TEXT, "address that it listens on");
  static final Setting<Integer> PORT =
      Setting.of("port", "PORT", "8080", SettingType.PORT, "0 takes a free one");
  static final Setting<Integer> METRICS_PORT =
      Setting.of(
          "metrics-port", "PORT", "8082", SettingType.PORT, "of /metrics; 0 takes a free one");
  static final Setting<Path> DATA =
      Setting.of(
          "data", "FOLDER", "~/.barista", SettingType.PATH, "functions, images, logs, password");
  static final Setting<Path> CONFIG =
      Setting.of("config", "FILE", "", SettingType.PATH, "settings as lines of key = value");

  // Who

  static final Setting<AuthMode> AUTH =
      Setting.of(
              "auth",
              "basic|none",
              "basic",
              SettingType.choice(AuthMode.class),
              "password for /system and /ui; made at the first start")
          .alias(new Alias("basic_auth", ServeSettings::ownAuth));
  static final Setting<Path> SECRET_MOUNT_PATH =
      Setting.of(
              "secret-mount-path",
              "FOLDER",
              "",
              SettingType.PATH,
              "has basic-auth-user and basic-auth-password; default: secrets in the data folder")
          .alias(Alias.same("secret_mount_path"));
  static final Setting<Boolean> INSECURE =
      Setting.of(
          "insecure", "", "false", SettingType.FLAG, "allow --auth none beyond this machine");
  static final Setting<List<String>> PUBLIC_HOST =
      Setting.of(
          "public-host",
          "NAME",
          "",
          SettingType.NAMES,
          "name under which browsers reach it; again for more");

  // Functions

  static final Setting<IsolationRequest> ISOLATION =
      Setting.of(
          "isolation",
          "auto|sandbox|user|none",
          "auto",
          SettingType.choice(IsolationRequest.class),
          "of replicas; auto is the strongest that this machine has");
  static final Setting<CgroupMode> CGROUPS =
      Setting.of(
          "cgroups",
          "auto|own|none",
          "auto",
          SettingType.choice(CgroupMode.class),
          "of replicas; auto asks the user's systemd for one where its own can't be used");
  static final Setting<Path> WITH =
      Setting.of(
          "with", "STACK.YML", "", SettingType.PATH, "build and deploy its functions at the start");
  static final Setting<Duration> WITH_TIMEOUT =
      Setting.of(
          "with-timeout", "TIME", "2m", SettingType.DURATION, "wait for functions of --with");
  static final Setting<Long> BUILD_MEMORY =
      Setting.of(
          "build-memory",
          "BYTES",
          "",
          SettingType.BYTES,
          "memory of a build of --with; default: half of the memory");
  static final Setting<Duration> BUILD_TIMEOUT =
      Setting.of(
          "build-timeout", "TIME", "10m", SettingType.DURATION, "run of a tool in such a build");
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

  static final Setting<Duration> START_TIMEOUT =
      Setting.of("start-timeout", "TIME", "60s", SettingType.DURATION, "replica to become ready");
  static final Setting<Duration> STOP_TIMEOUT =
      Setting.of(
          "stop-timeout",
          "TIME",
          "10s",
          SettingType.DURATION,
          "replica to end before it is killed");
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

  // Scaling; the names that Knative has keep them

  static final Setting<AlertMode> ALERTS =
      Setting.of(
          "alerts",
          "builtin|external|off",
          "builtin",
          SettingType.choice(AlertMode.class),
          "who evaluates the alert rule; external is AlertManager");
  static final Setting<Boolean> ENABLE_SCALE_TO_ZERO =
      Setting.of(
          "enable-scale-to-zero",
          "true|false",
          "true",
          SettingType.FLAG,
          "of functions with Knative's annotations");
  static final Setting<Duration> SCALE_TO_ZERO_GRACE_PERIOD =
      Setting.of(
          "scale-to-zero-grace-period",
          "TIME",
          "30s",
          SettingType.DURATION,
          "the last replica stays so long at most");
  static final Setting<Double> MAX_SCALE_UP_RATE =
      Setting.of(
          "max-scale-up-rate", "RATIO", "1000", SettingType.RATIO, "of one decision, to the ready");
  static final Setting<Double> MAX_SCALE_DOWN_RATE =
      Setting.of(
          "max-scale-down-rate", "RATIO", "2", SettingType.RATIO, "of one decision, to the ready");
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

  // Images

  static final Setting<Long> MAX_IMAGES =
      Setting.of(
          "max-images", "BYTES", "10Gi", SettingType.BYTES, "image store; the oldest unused go");

  static final Setting<Long> MAX_BLOB =
      Setting.of("max-blob", "BYTES", "2Gi", SettingType.BYTES, "layer that is pushed or pulled");
  static final Setting<Integer> MAX_UPLOADS =
      Setting.of(
          "max-uploads", "N", "64", SettingType.count(1, 10_000), "unfinished pushes of layers");
  static final Setting<Duration> UPLOAD_TIMEOUT =
      Setting.of(
          "upload-timeout",
          "TIME",
          "1h",
          SettingType.DURATION,
          "layer that nobody goes on pushing");
  static final Setting<List<String>> ALLOW_REGISTRY =
      Setting.of(
          "allow-registry",
          "HOST[:PORT]",
          "",
          SettingType.REGISTRIES,
          "run host images of this registry; again for more");
  static final Setting<Path> REGISTRY_AUTH =
      Setting.of(
          "registry-auth",
          "FILE",
          "~/.docker/config.json",
          SettingType.PATH,
          "logins for those registries, as docker login writes them");
  static final Setting<Duration> PULL_TIMEOUT =
      Setting.of("pull-timeout", "TIME", "5m", SettingType.DURATION, "image to be pulled");

  // Each replica

  static final Setting<Integer> NODE_CPU =
      Setting.of(
          "node-cpu",
          "MILLICORES",
          "",
          SettingType.count(1, 10_000_000),
          "what replicas may request together; default: all cores");
  static final Setting<Long> NODE_MEMORY =
      Setting.of(
          "node-memory",
          "BYTES",
          "",
          SettingType.BYTES,
          "what replicas may request together; default: 9/10 of the memory");
  static final Setting<Integer> MAX_PROCESSES =
      Setting.of(
          "max-processes",
          "N",
          "512",
          SettingType.count(8, 4_000_000),
          "processes and threads of a replica");
  static final Setting<Integer> MAX_OPEN_FILES =
      Setting.of(
          "max-open-files",
          "N",
          "4096",
          SettingType.count(16, 1_000_000),
          "descriptors of a replica's process");
  static final Setting<Long> MAX_FILE =
      Setting.of("max-file", "BYTES", "1Gi", SettingType.BYTES, "file that a replica writes");
  static final Setting<Long> MAX_TMP =
      Setting.of("max-tmp", "BYTES", "64Mi", SettingType.BYTES, "/tmp of a sandboxed replica");
  static final Setting<Long> MAX_REPLICA_LOG =
      Setting.of(
          "max-replica-log",
          "BYTES",
          "1Mi",
          SettingType.BYTES,
          "log kept of a replica, in two files");
  static final Setting<Long> MAX_FUNCTION_LOG =
      Setting.of(
          "max-function-log",
          "BYTES",
          "64Mi",
          SettingType.BYTES,
          "log kept of a function's replicas, gone ones included");
  static final Setting<Duration> MAX_LOG_AGE =
      Setting.of(
          "max-log-age",
          "TIME",
          "168h",
          SettingType.DURATION,
          "log kept of replicas that are gone");
  static final Setting<Integer> MAX_LOG_STREAMS =
      Setting.of(
          "max-log-streams",
          "N",
          "100",
          SettingType.count(1, 10_000),
          "readers of logs at the same time; more are 429");

  // Limits

  static final Setting<Duration> READ_TIMEOUT =
      Setting.of("read-timeout", "TIME", "60s", SettingType.DURATION, "silence of a sending client")
          .alias(Alias.same("read_timeout"));
  static final Setting<Duration> WRITE_TIMEOUT =
      Setting.of(
              "write-timeout", "TIME", "60s", SettingType.DURATION, "client that takes no answer")
          .alias(Alias.same("write_timeout"));
  static final Setting<Duration> UPSTREAM_TIMEOUT =
      Setting.of(
              "upstream-timeout",
              "TIME",
              "60s",
              SettingType.DURATION,
              "one invocation, from its arrival to the end of its answer")
          .alias(Alias.same("upstream_timeout"));
  static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of("idle-timeout", "TIME", "75s", SettingType.DURATION, "connection without request");
  static final Setting<Duration> DRAIN_TIMEOUT =
      Setting.of(
          "drain-timeout", "TIME", "30s", SettingType.DURATION, "calls in flight at a shutdown");
  static final Setting<Long> MAX_BODY =
      Setting.of("max-body", "BYTES", "1Gi", SettingType.BYTES, "body of an invocation");
  static final Setting<Long> MAX_SYSTEM_BODY =
      Setting.of("max-system-body", "BYTES", "1Mi", SettingType.BYTES, "body to /system");
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

  // Log

  static final Setting<LogFormat> LOG_FORMAT =
      Setting.of(
          "log-format", "text|json", "text", SettingType.choice(LogFormat.class), "of the log");
  static final Setting<LogLevel> LOG_LEVEL =
      Setting.of(
          "log-level",
          "debug|info|warning|error",
          "info",
          SettingType.choice(LogLevel.class),
          "least that is logged");

  /** By heading. */
  static final Map<String, List<Setting<?>>> GROUPS = groups();

  /** Whether administration needs a password. */
  enum AuthMode {
    BASIC,
    NONE
  }

  private ServeSettings() {}

  static Optional<Setting<?>> find(String name) {
    for (List<Setting<?>> group : GROUPS.values()) {
      for (Setting<?> setting : group) {
        if (setting.name().equals(name)) {
          return Optional.of(setting);
        }
      }
    }
    return Optional.empty();
  }

  private static Map<String, List<Setting<?>>> groups() {
    Map<String, List<Setting<?>>> groups = new LinkedHashMap<>();
    groups.put("Where", List.of(HOST, PORT, METRICS_PORT, DATA, CONFIG));
    groups.put("Who", List.of(AUTH, SECRET_MOUNT_PATH, INSECURE, PUBLIC_HOST));
    groups.put(
        "Functions",
        List.of(
            ISOLATION,
            CGROUPS,
            WITH,
            WITH_TIMEOUT,
            BUILD_MEMORY,
            BUILD_TIMEOUT,
            NAMESPACE,
            MAX_REPLICAS,
            START_TIMEOUT,
            STOP_TIMEOUT,
            SCALE_FROM_ZERO,
            MAX_POLL_COUNT,
            POLL_INTERVAL,
            CACHE_EXPIRY,
            MAX_HELD_CALLS));
    groups.put(
        "Scaling",
        List.of(
            ALERTS,
            ENABLE_SCALE_TO_ZERO,
            SCALE_TO_ZERO_GRACE_PERIOD,
            MAX_SCALE_UP_RATE,
            MAX_SCALE_DOWN_RATE));
    groups.put(
        "Images",
        List.of(
            MAX_IMAGES,
            MAX_BLOB,
            MAX_UPLOADS,
            UPLOAD_TIMEOUT,
            ALLOW_REGISTRY,
            REGISTRY_AUTH,
            PULL_TIMEOUT));
    groups.put(
        "Each replica",
        List.of(
            NODE_CPU,
            NODE_MEMORY,
            MAX_PROCESSES,
            MAX_OPEN_FILES,
            MAX_FILE,
            MAX_TMP,
            MAX_REPLICA_LOG,
            MAX_FUNCTION_LOG,
            MAX_LOG_AGE,
            MAX_LOG_STREAMS));
    groups.put(
        "Limits",
        List.of(
            READ_TIMEOUT,
            WRITE_TIMEOUT,
            UPSTREAM_TIMEOUT,
            IDLE_TIMEOUT,
            DRAIN_TIMEOUT,
            MAX_BODY,
            MAX_SYSTEM_BODY,
            MAX_HEADER_BYTES,
            MAX_HEADERS,
            MAX_TARGET_BYTES,
            MAX_CONNECTIONS,
            MAX_IDLE_CONNS,
            MAX_IDLE_CONNS_PER_HOST));
    groups.put("Log", List.of(LOG_FORMAT, LOG_LEVEL));
    return groups;
  }

  /** OpenFaaS takes all but {@code true} for false; a typing error must not open the gateway. */
  private static String ownAuth(String basicAuth) {
    return switch (basicAuth.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> "basic";
      case "false", "0" -> "none";
      default -> basicAuth;
    };
  }
}
