package dev.barista.server.config;

import dev.barista.provider.process.sandbox.IsolationRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What replicas run in and may take of the host. */
final class ReplicaSettings {

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
  static final Setting<Duration> STOP_TIMEOUT =
      Setting.of(
          "stop-timeout",
          "TIME",
          "10s",
          SettingType.DURATION,
          "replica to end before it is killed");
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
  static final Setting<Integer> STANDBY_SANDBOXES =
      Setting.of(
          "standby-sandboxes",
          "N",
          "8",
          SettingType.count(0, 1_000),
          "functions at zero whose next sandbox is made ahead");
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

  private ReplicaSettings() {}

  static ServeConfig.Replicas replicas(Settings settings) {
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
        settings.value(STANDBY_SANDBOXES),
        logs(settings));
  }

  private static ServeConfig.Logs logs(Settings settings) {
    return new ServeConfig.Logs(
        settings.value(MAX_REPLICA_LOG),
        settings.value(MAX_FUNCTION_LOG),
        settings.value(MAX_LOG_AGE),
        settings.value(MAX_LOG_STREAMS));
  }
}
