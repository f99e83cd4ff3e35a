package dev.barista.server.config;

import dev.barista.image.BuildLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The stack file that is built and deployed at the start. */
final class StackSettings {

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

  private StackSettings() {}

  static Optional<ServeConfig.With> with(Settings settings) {
    return settings
        .given(WITH)
        .map(
            file ->
                new ServeConfig.With(
                    file,
                    settings.value(WITH_TIMEOUT),
                    new BuildLimits(
                        settings.given(BUILD_MEMORY).orElseGet(BuildLimits::halfOfMemory),
                        settings.value(BUILD_TIMEOUT))));
  }

  static void checkFile(Settings settings) {
    settings
        .given(WITH)
        .filter(file -> !Files.isRegularFile(file))
        .ifPresent(
            file ->
                settings.fault("--with: \"" + file + "\" (expected: a stack file that exists)"));
  }
}
