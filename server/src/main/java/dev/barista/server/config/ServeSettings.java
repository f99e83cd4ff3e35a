package dev.barista.server.config;

import dev.barista.server.log.LogFormat;
import dev.barista.server.log.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every setting of {@code barista serve}, in the order and under the headings of its help. Each
 * component's stand in a class with the record that they make; here are those of the whole program.
 */
final class ServeSettings {

  static final Setting<Path> DATA =
      Setting.of(
          "data", "FOLDER", "~/.barista", SettingType.PATH, "functions, images, logs, password");
  static final Setting<Path> CONFIG =
      Setting.of("config", "FILE", "", SettingType.PATH, "settings as lines of key = value");
  static final Setting<Duration> DRAIN_TIMEOUT =
      Setting.of(
          "drain-timeout", "TIME", "30s", SettingType.DURATION, "calls in flight at a shutdown");
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
    groups.put(
        "Where",
        List.of(
            ListenerSettings.HOST,
            ListenerSettings.PORT,
            ListenerSettings.METRICS_PORT,
            DATA,
            CONFIG));
    groups.put(
        "Who",
        List.of(
            AdminSettings.AUTH,
            AdminSettings.SECRET_MOUNT_PATH,
            AdminSettings.INSECURE,
            AdminSettings.PUBLIC_HOST));
    groups.put(
        "Functions",
        List.of(
            ReplicaSettings.ISOLATION,
            ReplicaSettings.CGROUPS,
            StackSettings.WITH,
            StackSettings.WITH_TIMEOUT,
            StackSettings.BUILD_MEMORY,
            StackSettings.BUILD_TIMEOUT,
            FunctionSettings.NAMESPACE,
            FunctionSettings.MAX_REPLICAS,
            FunctionSettings.START_TIMEOUT,
            ReplicaSettings.STOP_TIMEOUT,
            FunctionSettings.SCALE_FROM_ZERO,
            FunctionSettings.MAX_POLL_COUNT,
            FunctionSettings.POLL_INTERVAL,
            FunctionSettings.CACHE_EXPIRY,
            FunctionSettings.MAX_HELD_CALLS));
    groups.put(
        "Scaling",
        List.of(
            ScalingSettings.ALERTS,
            ScalingSettings.ENABLE_SCALE_TO_ZERO,
            ScalingSettings.SCALE_TO_ZERO_GRACE_PERIOD,
            ScalingSettings.MAX_SCALE_UP_RATE,
            ScalingSettings.MAX_SCALE_DOWN_RATE));
    groups.put(
        "Images",
        List.of(
            ImageSettings.MAX_IMAGES,
            ImageSettings.MAX_BLOB,
            ImageSettings.MAX_UPLOADS,
            ImageSettings.UPLOAD_TIMEOUT,
            ImageSettings.ALLOW_REGISTRY,
            ImageSettings.REGISTRY_AUTH,
            ImageSettings.PULL_TIMEOUT));
    groups.put(
        "Each replica",
        List.of(
            ReplicaSettings.NODE_CPU,
            ReplicaSettings.NODE_MEMORY,
            ReplicaSettings.MAX_PROCESSES,
            ReplicaSettings.MAX_OPEN_FILES,
            ReplicaSettings.MAX_FILE,
            ReplicaSettings.MAX_TMP,
            ReplicaSettings.STANDBY_SANDBOXES,
            ReplicaSettings.MAX_REPLICA_LOG,
            ReplicaSettings.MAX_FUNCTION_LOG,
            ReplicaSettings.MAX_LOG_AGE,
            ReplicaSettings.MAX_LOG_STREAMS));
    groups.put(
        "Limits",
        List.of(
            ListenerSettings.READ_TIMEOUT,
            ListenerSettings.WRITE_TIMEOUT,
            FunctionSettings.UPSTREAM_TIMEOUT,
            ListenerSettings.IDLE_TIMEOUT,
            DRAIN_TIMEOUT,
            ListenerSettings.MAX_BODY,
            FunctionSettings.MAX_SYSTEM_BODY,
            ListenerSettings.MAX_HEADER_BYTES,
            ListenerSettings.MAX_HEADERS,
            ListenerSettings.MAX_TARGET_BYTES,
            ListenerSettings.MAX_CONNECTIONS,
            FunctionSettings.MAX_IDLE_CONNS,
            FunctionSettings.MAX_IDLE_CONNS_PER_HOST));
    groups.put("Log", List.of(LOG_FORMAT, LOG_LEVEL));
    return groups;
  }
}
