package dev.barista.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The image store, and the registries that images come from. */
final class ImageSettings {

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

  private ImageSettings() {}

  static ServeConfig.Images images(Settings settings) {
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
