package dev.barista.server.config;

import dev.barista.server.config.Setting.Alias;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who may administer. */
final class AdminSettings {

  static final Setting<AuthMode> AUTH =
      Setting.of(
              "auth",
              "basic|none",
              "basic",
              SettingType.choice(AuthMode.class),
              "password for /system and /ui; made at the first start")
          .alias(new Alias("basic_auth", AdminSettings::ownAuth));
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

  /** Whether administration needs a password. */
  enum AuthMode {
    BASIC,
    NONE
  }

  private AdminSettings() {}

  static ServeConfig.Admin admin(Settings settings) {
    Optional<Path> mounted = settings.given(SECRET_MOUNT_PATH);
    return new ServeConfig.Admin(
        settings.value(AUTH) == AuthMode.BASIC,
        mounted.orElseGet(() -> settings.value(ServeSettings.DATA).resolve("secrets")),
        /* makePassword= */ mounted.isEmpty(),
        settings.value(ListenerSettings.HOST),
        settings.given(PUBLIC_HOST).orElse(List.of()));
  }

  /** OpenFaaS takes all but {@code true} for false; a typing error must not open the gateway. */
  private static String ownAuth(String basicAuth) {
    return switch (basicAuth.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> "basic";
      case "false", "0" -> "none";
      default -> basicAuth;
    };
  }

  /** Without a password everyone who reaches the port could run code here. */
  static void checkOpen(Settings settings, InetAddress address) {
    if (settings.value(AUTH) == AuthMode.NONE
        && !address.isLoopbackAddress()
        && !settings.value(INSECURE)) {
      settings.fault(
          "--auth: \"none\" with --host "
              + settings.value(ListenerSettings.HOST)
              + " lets everyone on the network run code here (expected: basic, a loopback host, or"
              + " --insecure as well)");
    }
  }
}
